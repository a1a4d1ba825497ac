-- purpose: Every model as used, with all that determines an image besides prompt and seed.
-- params: models (list; NULL: all)
-- returns: frame
SELECT
    s.settings_id, s.model_id, m.hub_id, m.pipeline, m.licence, s.revision, s.steps, s.guidance, s.width, s.height,
    s.dtype, s.scheduler, s.negative_prompt, s.extra
FROM settings AS s
LEFT JOIN models AS m ON m.model_id = s.model_id
WHERE ($models IS NULL OR list_contains($models, s.model_id))
ORDER BY s.model_id, s.settings_id;
