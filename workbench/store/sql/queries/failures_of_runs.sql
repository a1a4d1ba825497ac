-- purpose: What failed in which run, with its reason and how often.
-- returns: Failure
SELECT run_id, 'image' AS what, status || ': ' || coalesce(error, '') AS reason, count(*) AS n
FROM images WHERE status <> 'ok' GROUP BY ALL
UNION ALL
SELECT run_id, 's', coalesce(error, ''), count(*) FROM similarities WHERE status <> 'ok' GROUP BY ALL
UNION ALL
SELECT run_id, 'patches', coalesce(error, ''), count(*) FROM patches WHERE status <> 'ok' GROUP BY ALL
UNION ALL
SELECT run_id, metric_id, coalesce(error, ''), count(*) FROM metric_scores WHERE status <> 'ok' GROUP BY ALL
ORDER BY run_id DESC, n DESC, what, reason;
