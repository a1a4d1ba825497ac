-- purpose: The measures per model, settings, perturbation and kind: means over references.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default)
-- returns: frame
FROM model_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
)
ORDER BY model_id, settings_id, perturbation, kind;
