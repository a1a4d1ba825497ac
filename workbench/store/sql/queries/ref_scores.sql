-- purpose: Every reference with its measures per model, settings and perturbation; references without images come once, without a model.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max (NULL: open)
-- returns: RefScore
WITH popularity AS (
    SELECT qid, max(value) AS sitelinks FROM covariates WHERE name = 'popularity' AND method = 'sitelinks' GROUP BY qid
)
SELECT
    r.qid, r.label, r.kind, r.type, r.creators, r.creation_year, w.sitelinks AS popularity,
    s.model_id, s.settings_id, s.perturbation,
    coalesce(s.n, 0) AS n, coalesce(s.n_images, 0) AS n_images, coalesce(s.n_excluded, 0) AS n_excluded,
    coalesce(s.n_recognised, 0) AS n_recognised, s.mean_s, s.cra, s.vr, s.vi, s.crt
FROM refs AS r
LEFT JOIN popularity AS w ON w.qid = r.qid
LEFT JOIN ref_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s ON s.qid = r.qid
WHERE ($models IS NULL OR list_contains($models, s.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, s.perturbation))
    AND ($types IS NULL OR list_contains($types, coalesce(r.type, '')))
    AND ($kind IS NULL OR r.kind = $kind)
    AND ($text IS NULL
        OR contains(strip_accents(lower(r.label)), strip_accents(lower($text)))
        OR contains(strip_accents(lower(array_to_string(r.creators, ' '))), strip_accents(lower($text)))
        OR r.qid = upper($text))
    AND ($popularity_min IS NULL OR w.sitelinks >= $popularity_min)
    AND ($popularity_max IS NULL OR w.sitelinks <= $popularity_max)
    AND ($year_min IS NULL OR r.creation_year >= $year_min)
    AND ($year_max IS NULL OR r.creation_year <= $year_max)
ORDER BY w.sitelinks DESC NULLS LAST, r.qid, s.model_id, s.settings_id, s.perturbation;
