-- purpose: Write generated images; a new try replaces one that had failed, never one that is ok.
-- returns: nothing
INSERT INTO images BY NAME SELECT * FROM incoming
ON CONFLICT (prompt_id, model_id, settings_id, seed) DO UPDATE SET
    status = excluded.status,
    error = excluded.error,
    sha256 = excluded.sha256,
    path = excluded.path,
    width = excluded.width,
    height = excluded.height,
    seconds = excluded.seconds,
    created_utc = excluded.created_utc,
    run_id = excluded.run_id
WHERE images.status <> 'ok';
