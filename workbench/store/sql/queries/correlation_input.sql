-- purpose: Every reference's measures per model, settings and perturbation beside each of its covariates: what a correlation takes in.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types, creators (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max, frequency_min, frequency_max, uniqueness_min, uniqueness_max, cra_min, cra_max, vr_min, vr_max, vi_min, vi_max, crt_min, crt_max (NULL: open), annotations (list of what a person said of one of its images: recognised, not recognised, replication, transformation, neither, or not labelled; NULL: all)
-- returns: frame
WITH
-- include: facts
SELECT
    s.qid, s.kind, s.model_id, s.settings_id, s.perturbation, s.covariate, s.method, s.value,
    s.mean_s, s.cra, s.vi, s.crt
FROM correlation_input(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s
JOIN refs AS r ON r.qid = s.qid
LEFT JOIN facts AS f ON f.qid = s.qid
-- include: filters
-- include: labelled
ORDER BY s.covariate, s.method, s.model_id, s.settings_id, s.perturbation, s.qid;
