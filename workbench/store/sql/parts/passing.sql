-- The scores of the references that pass the filters; wants the facts before it.
SELECT s.*
FROM refs AS r
LEFT JOIN facts AS f ON f.qid = r.qid
JOIN ref_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS s ON s.qid = r.qid
-- include: filters
-- include: labelled
