-- purpose: Every run of the study, in order, with what it was asked, where it ran and what came of it.
-- returns: frame
SELECT
    run_id, command, started_utc, outcome, planned, done, failed, device,
    git_commit || CASE WHEN git_dirty THEN ' with changes' ELSE '' END AS git_commit, settings_id, arguments, versions, message
FROM runs
ORDER BY started_utc, run_id;
