-- purpose: How fast a model made images in earlier runs, for each settings and device, and where some of its pictures are.
-- params: model_id
-- returns: ModelPace
SELECT
    i.settings_id,
    any_value(s.steps) AS steps,
    any_value(s.width) AS width,
    any_value(s.height) AS height,
    r.device,
    count(*) AS n,
    avg(i.seconds) AS seconds,
    list(i.path ORDER BY i.image_id)[:50] AS paths
FROM images AS i
JOIN settings AS s ON s.settings_id = i.settings_id
JOIN runs AS r ON r.run_id = i.run_id
WHERE i.model_id = $model_id AND i.status = 'ok' AND i.seconds IS NOT NULL
GROUP BY i.settings_id, r.device
ORDER BY max(i.created_utc) DESC;
