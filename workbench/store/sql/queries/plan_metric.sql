-- purpose: Generated images that lack a current score of a metric; those to be compared with each other come whole, group by group.
-- params: metric_id, compared_with (references, prompt or siblings), model_id (NULL: all), retry (true: also what could not be scored)
-- returns: PlannedMetric
WITH usable AS (
    SELECT i.image_id, i.path, i.sha256, i.prompt_id, p.qid, p.text, f.reference_set,
        concat_ws(' ', i.prompt_id, i.model_id, i.settings_id) AS cell
    FROM images AS i
    JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
    LEFT JOIN reference_sets AS f ON f.qid = p.qid
    WHERE i.status = 'ok' AND ($model_id IS NULL OR i.model_id = $model_id)
),
cells AS (
    SELECT cell, md5(string_agg(sha256, ',' ORDER BY image_id)) AS images, count(*) AS n FROM usable GROUP BY cell
),
targets AS (
    SELECT image_id, qid AS "group", path, text, reference_set AS compared
    FROM usable WHERE $compared_with = 'references' AND reference_set IS NOT NULL
    UNION ALL
    SELECT image_id, prompt_id, path, text, prompt_id FROM usable WHERE $compared_with = 'prompt'
    UNION ALL
    SELECT u.image_id, u.cell, u.path, u.text, c.images
    FROM usable AS u JOIN cells AS c ON c.cell = u.cell
    WHERE $compared_with = 'siblings' AND c.n > 1
)
SELECT t.image_id, t."group", t.path, t.text, t.compared
FROM targets AS t
LEFT JOIN metric_scores AS s ON s.image_id = t.image_id AND s.metric_id = $metric_id
QUALIFY CASE $compared_with WHEN 'siblings' THEN bool_or(
        s.image_id IS NULL OR s.compared <> t.compared OR (s.status = 'failed' AND coalesce($retry, false))
    ) OVER (PARTITION BY t."group")
    ELSE s.image_id IS NULL OR s.compared <> t.compared OR (s.status = 'failed' AND coalesce($retry, false)) END
ORDER BY t."group", t.image_id;
