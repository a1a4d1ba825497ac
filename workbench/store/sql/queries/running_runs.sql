-- purpose: Runs that have not said how they ended, in the order in which they came into the file.
-- returns: Run
SELECT * FROM runs WHERE outcome = 'running' ORDER BY rowid;
