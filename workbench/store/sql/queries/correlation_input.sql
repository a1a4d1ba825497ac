-- purpose: Every reference's measures per model, settings and perturbation beside each of its covariates: what a correlation takes in.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max (NULL: open)
-- returns: frame
WITH popularity AS (
    SELECT qid, max(value) AS sitelinks FROM covariates WHERE name = 'popularity' AND method = 'sitelinks' GROUP BY qid
)
SELECT
    c.qid, c.kind, c.model_id, c.settings_id, c.perturbation, c.covariate, c.method, c.value,
    c.mean_s, c.cra, c.vi, c.crt
FROM correlation_input(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS c
JOIN refs AS r ON r.qid = c.qid
LEFT JOIN popularity AS w ON w.qid = c.qid
WHERE ($models IS NULL OR list_contains($models, c.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, c.perturbation))
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
ORDER BY c.covariate, c.method, c.model_id, c.settings_id, c.perturbation, c.qid;
