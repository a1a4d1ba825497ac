-- purpose: The generated images of one reference with their raw scores, what the thresholds make of them, and where each patch is found again.
-- params: qid, model_id, settings_id, perturbation (NULL: all), tau_static, tau_dynamic, tau_reuse, encoder, patch_encoder (NULL: none has scored)
-- returns: ImageScore
SELECT
    i.image_id, i.model_id, i.settings_id, p.perturbation, p.text AS prompt, p.variant, i.seed, i.status, i.error, i.path,
    s.s, s.s >= (CASE r.kind WHEN 'static' THEN $tau_static ELSE $tau_dynamic END)::FLOAT AS recognised,
    list_avg(list_transform(t.p, lambda x: (x >= $tau_reuse::FLOAT)::INTEGER)) AS vr,
    s.best_sha256, t.p, t.best_sha256 AS patch_sha256, t.best_patch, t.entropy
FROM prompts AS p
JOIN images AS i ON i.prompt_id = p.prompt_id
JOIN refs AS r ON r.qid = p.qid
LEFT JOIN reference_sets AS f ON f.qid = p.qid
LEFT JOIN similarities AS s
    ON s.image_id = i.image_id AND s.encoder_id = $encoder AND s.status = 'ok' AND i.status = 'ok'
    AND s.reference_set = f.reference_set
LEFT JOIN patches AS t
    ON t.image_id = i.image_id AND t.encoder_id = $patch_encoder AND t.grid = 4 AND t.status = 'ok' AND i.status = 'ok'
    AND t.reference_set = f.reference_set
WHERE p.active AND p.qid = $qid
    AND ($model_id IS NULL OR i.model_id = $model_id)
    AND ($settings_id IS NULL OR i.settings_id = $settings_id)
    AND ($perturbation IS NULL OR p.perturbation = $perturbation)
ORDER BY i.model_id, i.settings_id, p.perturbation, p.variant, i.seed;
