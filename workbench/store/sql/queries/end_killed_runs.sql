-- purpose: End runs whose processes are gone, unless they have said since how they ended.
-- params: run_ids
-- returns: nothing
UPDATE runs SET outcome = 'killed' WHERE outcome = 'running' AND list_contains($run_ids::VARCHAR[], run_id);
