-- purpose: Write counts of captions; a count of other texts is replaced.
-- returns: nothing
INSERT INTO caption_counts BY NAME SELECT * FROM incoming
ON CONFLICT (file_id, qid, measure) DO UPDATE SET
    wording = excluded.wording,
    matches = excluded.matches,
    corroborated = excluded.corroborated,
    run_id = excluded.run_id
WHERE excluded.wording <> caption_counts.wording;
