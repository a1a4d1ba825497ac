-- purpose: The values that a study can be filtered by: kinds and types with their references, models and perturbations with the references that have images, encoders with the images that they scored.
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
SELECT 'encoder', encoder_id, count(*) FROM similarities GROUP BY encoder_id
UNION ALL
SELECT 'patch_encoder', encoder_id, count(*) FROM patches GROUP BY encoder_id
ORDER BY field, n DESC, value;
