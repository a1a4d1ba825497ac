-- purpose: When a run began with the first of its images: when that was there, less what a whole batch took; no row: it has none yet.
-- params: run_id, batch_size
-- returns: RunBegan
SELECT created_utc - to_microseconds(CAST(seconds * $batch_size * 1e6 AS BIGINT)) AS began_utc
FROM images
WHERE run_id = $run_id AND seconds IS NOT NULL
ORDER BY created_utc
LIMIT 1;
