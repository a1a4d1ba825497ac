-- purpose: One generated image with its patches, to be shown; several where the beginning of an id is not enough.
-- params: image (an image_id or its beginning, or a path), tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default)
-- returns: ShownImage
SELECT
    s.image_id, s.qid, s.label, r.creation_date, r.creation_year, r.creation_precision, r.creation_calendar, r.creation_circa,
    p.text AS prompt, s.model_id, s.seed, s.status, s.path, s.s, s.recognised, s.vr,
    s.patch_encoder_id, e.preprocessing, t.p, t.entropy, t.best_sha256, t.best_patch
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
JOIN prompts AS p ON p.prompt_id = s.prompt_id
JOIN refs AS r ON r.qid = s.qid
LEFT JOIN reference_sets AS f ON f.qid = s.qid
LEFT JOIN patches AS t
    ON t.image_id = s.image_id AND t.encoder_id = s.patch_encoder_id AND t.grid = 4 AND t.status = 'ok'
    AND t.reference_set = f.reference_set
LEFT JOIN encoders AS e ON e.encoder_id = s.patch_encoder_id
WHERE starts_with(s.image_id, $image) OR s.path = $image
ORDER BY s.image_id
LIMIT 5;
