-- purpose: Images of active prompts per model, settings, perturbation and kind, by what came of them.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
SELECT
    s.model_id, s.settings_id, s.perturbation, s.kind, count(DISTINCT s.qid) AS refs, count(*) AS images,
    count(*) FILTER (WHERE s.status = 'blocked') AS blocked, count(*) FILTER (WHERE s.status = 'black') AS black,
    count(*) FILTER (WHERE s.status = 'failed') AS failed,
    count(*) FILTER (WHERE s.status = 'ok' AND s.s IS NULL) AS unscored,
    count(s.s) AS scored, count(*) FILTER (WHERE s.recognised) AS recognised
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
WHERE ($models IS NULL OR list_contains($models, s.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, s.perturbation))
GROUP BY s.model_id, s.settings_id, s.perturbation, s.kind
ORDER BY s.model_id, s.settings_id, s.perturbation, s.kind DESC;
