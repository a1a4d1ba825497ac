-- purpose: Write runs of elsewhere; a later word of a run replaces an earlier one.
-- returns: nothing
INSERT INTO runs BY NAME SELECT * FROM incoming
ON CONFLICT (run_id) DO UPDATE SET
    device = excluded.device,
    updated_utc = excluded.updated_utc,
    ended_utc = excluded.ended_utc,
    outcome = excluded.outcome,
    planned = excluded.planned,
    done = excluded.done,
    failed = excluded.failed,
    message = excluded.message
WHERE runs.updated_utc < excluded.updated_utc;
