-- purpose: The newest runs.
-- params: limit_runs
-- returns: Run
SELECT * FROM runs ORDER BY started_utc DESC, run_id DESC LIMIT $limit_runs;
