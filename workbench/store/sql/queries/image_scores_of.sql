-- purpose: The generated images of one reference under one model, settings and perturbation, with their scores or the reason why there are none.
-- params: qid, model_id, settings_id, perturbation, tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default)
-- returns: ImageScore
SELECT
    s.image_id, p.text AS prompt, s.variant, s.seed, s.status, i.error, s.path, s.s, s.recognised, s.vr, s.best_sha256
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
JOIN images AS i ON i.image_id = s.image_id
JOIN prompts AS p ON p.prompt_id = s.prompt_id
WHERE s.qid = $qid AND s.model_id = $model_id AND s.settings_id = $settings_id AND s.perturbation = $perturbation
ORDER BY s.variant, s.seed;
