-- purpose: Images of active prompts that did not come out well, per model, settings, status and reason.
-- params: models, perturbations (lists; NULL: all)
-- returns: frame
SELECT i.model_id, i.settings_id, i.status, coalesce(i.error, '') AS error, count(*) AS images
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
WHERE i.status <> 'ok'
    AND ($models IS NULL OR list_contains($models, i.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, p.perturbation))
GROUP BY i.model_id, i.settings_id, i.status, coalesce(i.error, '')
ORDER BY images DESC, i.model_id, i.settings_id, i.status, error;
