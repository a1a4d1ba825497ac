-- purpose: The values that a study can be filtered by: kinds, types, creators and what people said with their references, models and perturbations with the references that have images, encoders with the images that they scored.
-- returns: Facet
SELECT 'kind' AS field, kind AS value, count(*) AS n FROM refs GROUP BY kind
UNION ALL
SELECT 'type', coalesce(type, ''), count(*) FROM refs GROUP BY coalesce(type, '')
UNION ALL
SELECT 'model', i.model_id, count(DISTINCT p.qid)
FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active GROUP BY i.model_id
UNION ALL
SELECT 'perturbation', p.perturbation, count(DISTINCT p.qid)
FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active GROUP BY p.perturbation
UNION ALL
SELECT 'creator', creator, count(*) FROM (SELECT unnest(list_distinct(creators)) AS creator FROM refs) GROUP BY creator
UNION ALL
SELECT 'annotation', label, count(DISTINCT qid)
FROM (
    SELECT p.qid, unnest(list_filter([
        CASE WHEN a.image_id IS NULL THEN 'not labelled' END,
        CASE WHEN a.recognised THEN 'recognised' WHEN NOT a.recognised THEN 'not recognised' END,
        a.realization
    ], lambda x: x IS NOT NULL)) AS label
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
    LEFT JOIN annotations AS a ON a.image_id = i.image_id
    WHERE EXISTS (FROM annotations)
)
GROUP BY label
UNION ALL
SELECT 'encoder', encoder_id, count(*) FROM similarities GROUP BY encoder_id
UNION ALL
SELECT 'patch_encoder', encoder_id, count(*) FROM patches GROUP BY encoder_id
ORDER BY field, n DESC, value;
