-- purpose: Scored and recognised images per reference, model, settings and number of substituted words: titles have none, synonyms as many as their changes name.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
SELECT
    s.qid, s.label, s.kind, s.model_id, s.settings_id,
    CASE WHEN s.perturbation = 'title' THEN 0 ELSE len(json_keys(p.changes)) END::INTEGER AS n_substituted,
    count(s.s) AS n, count(*) FILTER (WHERE s.recognised) AS n_recognised
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
JOIN prompts AS p ON p.prompt_id = s.prompt_id
WHERE ($models IS NULL OR list_contains($models, s.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, s.perturbation))
    AND (s.perturbation = 'title' OR s.perturbation = 'synonym' AND json_type(p.changes) = 'OBJECT')
GROUP BY ALL
ORDER BY s.qid, s.model_id, s.settings_id, n_substituted;
