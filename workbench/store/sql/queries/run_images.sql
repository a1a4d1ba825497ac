-- purpose: What the images came to that a run made and that no later one replaced.
-- params: run_id
-- returns: RunImages
SELECT status, count(*) AS n, avg(seconds) AS seconds
FROM images
WHERE run_id = $run_id
GROUP BY status
ORDER BY status;
