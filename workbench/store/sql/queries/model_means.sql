-- purpose: Means over the references that pass the filters, per model, settings, perturbation and kind, as model_scores() takes them.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types, creators (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max, frequency_min, frequency_max, uniqueness_min, uniqueness_max, cra_min, cra_max, vr_min, vr_max, vi_min, vi_max, crt_min, crt_max (NULL: open), annotations (list of what a person said of one of its images: recognised, not recognised, replication, transformation, neither, or not labelled; NULL: all)
-- returns: frame
WITH
-- include: facts
, passing AS (
    -- include: passing
)
SELECT
    model_id, settings_id, perturbation,
    CASE WHEN grouping(kind) = 1 THEN 'all' ELSE kind END AS kind,
    count(cra) AS n_refs, sum(n)::BIGINT AS n, sum(n_excluded)::BIGINT AS n_excluded,
    avg(mean_s) AS mean_s, avg(cra) AS cra, avg(vr) AS vr, avg(vi) AS vi,
    CASE WHEN count(crt) = count(cra) THEN avg(crt) END AS crt,
    avg(vr_all) AS vr_all, avg(vi_all) AS vi_all, avg(crt_all) AS crt_all
FROM passing
GROUP BY GROUPING SETS ((model_id, settings_id, perturbation, kind), (model_id, settings_id, perturbation))
ORDER BY kind, model_id, settings_id, perturbation;
