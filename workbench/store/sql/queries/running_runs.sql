-- purpose: Runs that have not said how they ended.
-- returns: Run
SELECT * FROM runs WHERE outcome = 'running' ORDER BY run_id;
