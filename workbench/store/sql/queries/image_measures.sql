-- purpose: Every generated image of an active prompt with its measures: what intervals within a cell, regressions and agreement take in.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
SELECT
    s.image_id, s.qid, s.label, s.kind, s.model_id, s.settings_id, s.perturbation, s.variant, s.seed, s.status,
    s.s::DOUBLE AS s, s.recognised, s.vr, s.vi
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
WHERE ($models IS NULL OR list_contains($models, s.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, s.perturbation))
ORDER BY s.qid, s.model_id, s.settings_id, s.perturbation, s.variant, s.seed;
