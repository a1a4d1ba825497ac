-- purpose: Every image of an active prompt with all that is known of it: prompt, model, settings, scores, and the reference image that gave s (else the first) with author, licence and source.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
WITH fetched AS (
    SELECT qid, sha256, min(page_url) AS page_url, min(credit) AS credit, min(licence_url) AS licence_url
    FROM downloads WHERE status = 'ok' GROUP BY qid, sha256
)
SELECT
    i.image_id, i.status, g.error, i.path, i.sha256, g.width, g.height,
    i.qid, i.label, i.kind, i.type, r.creators, r.creation_year, r.creation_circa,
    p.text AS prompt, i.perturbation, i.variant,
    i.model_id, m.hub_id, t.revision, i.settings_id, t.steps, t.guidance, t.scheduler, t.dtype, i.seed,
    i.encoder_id, i.s::DOUBLE AS s, i.recognised, i.patch_encoder_id, i.vr, i.vi, x.p AS patch_maxima,
    f.sha256 AS reference_sha256, f.path AS reference_path, f.author AS reference_author, f.licence AS reference_licence,
    d.licence_url AS reference_licence_url, d.credit AS reference_credit,
    coalesce(d.page_url, f.source_url) AS reference_source
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS i
JOIN images AS g ON g.image_id = i.image_id
JOIN prompts AS p ON p.prompt_id = i.prompt_id
JOIN refs AS r ON r.qid = i.qid
LEFT JOIN models AS m ON m.model_id = i.model_id
LEFT JOIN settings AS t ON t.settings_id = i.settings_id
LEFT JOIN reference_sets AS c ON c.qid = i.qid
LEFT JOIN patches AS x
    ON x.image_id = i.image_id AND x.encoder_id = i.patch_encoder_id AND x.grid = 4 AND x.status = 'ok'
    AND x.reference_set = c.reference_set
LEFT JOIN ref_images AS f ON f.qid = i.qid AND f.sha256 = coalesce(i.best_sha256, c.sha256s[1])
LEFT JOIN fetched AS d ON d.qid = f.qid AND d.sha256 = f.sha256
WHERE ($models IS NULL OR list_contains($models, i.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, i.perturbation))
ORDER BY i.qid, i.model_id, i.settings_id, i.perturbation, i.variant, i.seed;
