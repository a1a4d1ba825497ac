-- purpose: Every reference with its measures per model, settings and perturbation; references without images come once, without a model.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types, creators (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max, frequency_min, frequency_max, uniqueness_min, uniqueness_max, cra_min, cra_max, vr_min, vr_max, vi_min, vi_max, crt_min, crt_max (NULL: open), annotations (list of what a person said of one of its images: recognised, not recognised, replication, transformation, neither, or not labelled; NULL: all)
-- returns: RefScore
WITH
-- include: facts
SELECT
    r.qid, r.label, r.kind, r.type, r.creators, r.creation_year, r.creation_precision, r.creation_circa,
    f.popularity, f.training_frequency, f.textual_uniqueness,
    s.model_id, s.settings_id, s.perturbation,
    coalesce(s.n, 0) AS n, coalesce(s.n_images, 0) AS n_images, coalesce(s.n_excluded, 0) AS n_excluded,
    coalesce(s.n_recognised, 0) AS n_recognised, s.mean_s, s.cra, s.vr, s.vi, s.crt, s.vr_all, s.vi_all, s.crt_all
FROM refs AS r
LEFT JOIN facts AS f ON f.qid = r.qid
LEFT JOIN ref_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s ON s.qid = r.qid
-- include: filters
-- include: labelled
ORDER BY f.popularity DESC NULLS LAST, r.qid, s.model_id, s.settings_id, s.perturbation;
