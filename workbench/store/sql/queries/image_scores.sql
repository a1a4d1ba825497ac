-- purpose: Every image with its scores, of the rows that query ref_scores lets pass.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations, types, creators (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max, frequency_min, frequency_max, uniqueness_min, uniqueness_max, cra_min, cra_max, vr_min, vr_max, vi_min, vi_max, crt_min, crt_max (NULL: open), annotations (list of what a person said of one of its images: recognised, not recognised, replication, transformation, neither, or not labelled; NULL: all)
-- returns: frame
WITH
-- include: facts
, passing AS (
    -- include: passing
)
SELECT i.label, i.model_id, i.perturbation, i.variant, i.seed, i.s, i.recognised, i.vr, i.kind, i.qid, i.settings_id, i.path
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS i
SEMI JOIN passing AS p
    ON p.qid = i.qid AND p.model_id = i.model_id AND p.settings_id = i.settings_id AND p.perturbation = i.perturbation
ORDER BY i.qid, i.model_id, i.settings_id, i.perturbation, i.variant, i.seed;
