-- purpose: What query ref_scores gives of the file, of the answer of query scores (registered as scores).
-- params: models, perturbations, types, creators (lists; NULL: all; '' is a reference without type), kind (NULL: both), text (part of label or creator, or a QID; NULL: any), popularity_min, popularity_max, year_min, year_max, frequency_min, frequency_max, uniqueness_min, uniqueness_max, cra_min, cra_max, vr_min, vr_max, vi_min, vi_max, crt_min, crt_max (NULL: open), annotations (list of what a person said of one of its images: recognised, not recognised, replication, transformation, neither, or not labelled; NULL: all)
-- returns: frame
SELECT
    r.qid, r.label, r.kind, r.type, r.creators, r.creation_year, r.creation_precision, r.creation_circa,
    r.popularity, r.training_frequency, r.textual_uniqueness,
    s.model_id, s.settings_id, s.perturbation,
    coalesce(s.n, 0) AS n, coalesce(s.n_images, 0) AS n_images, coalesce(s.n_excluded, 0) AS n_excluded,
    coalesce(s.n_recognised, 0) AS n_recognised, s.mean_s, s.cra, s.vr, s.vi, s.crt, s.vr_all, s.vi_all, s.crt_all,
    s.cell
FROM refs AS r
LEFT JOIN refs AS f ON f.qid = r.qid
LEFT JOIN scores AS s ON s.qid = r.qid
-- include: filters
    AND ($annotations IS NULL
        OR s.cell IN (
            SELECT i.cell FROM images AS i
            WHERE i.said & list_sum(list_transform(list_distinct($annotations), lambda a: CASE a
                WHEN 'recognised' THEN 1 WHEN 'not recognised' THEN 2 WHEN 'replication' THEN 4
                WHEN 'transformation' THEN 8 WHEN 'neither' THEN 16 WHEN 'not labelled' THEN 32 ELSE 0 END)) > 0
        ))
ORDER BY r.popularity DESC NULLS LAST, r.qid, s.model_id, s.settings_id, s.perturbation;
