-- purpose: Every scored image as the released scripts name and count things: slug, paths of the references that it was compared with, cra_sim, and max, mean and p90 of the patch maxima.
-- params: folder (of the images, without a slash at its end), tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
WITH slugs AS (
    SELECT qid, lower(replace(trim(label), ' ', '_')) AS slug FROM refs
),
named AS (
    SELECT qid, CASE WHEN count(*) OVER (PARTITION BY slug) > 1 THEN slug || '_' || qid ELSE slug END AS slug FROM slugs
),
compared AS (
    SELECT c.qid, list($folder || '/' || f.path ORDER BY f.rank, f.sha256) AS paths, count(*) AS kept
    FROM reference_sets AS c JOIN ref_images AS f ON f.qid = c.qid AND list_contains(c.sha256s, f.sha256)
    GROUP BY c.qid
),
there AS (SELECT qid, count(*) AS files FROM ref_images GROUP BY qid),
several AS (SELECT model_id, count(DISTINCT settings_id) > 1 AS ambiguous FROM images GROUP BY model_id)
SELECT
    i.perturbation, i.kind AS mode,
    i.model_id || CASE WHEN s.ambiguous THEN '@' || i.settings_id ELSE '' END AS model,
    n.slug, c.paths[1] AS ref_image_path, $folder || '/' || i.path AS gen_image_path,
    i.s::DOUBLE AS cra_sim, i.recognised AS cra_pass,
    4 AS grid_rows, 4 AS grid_cols, 16 * c.kept AS n_ref_patches, 16 AS n_gen_patches,
    list_max(x.p)::DOUBLE AS vr_max, list_avg(x.p::DOUBLE[]) AS vr_mean,
    list_aggregate(x.p::DOUBLE[], 'quantile_cont', 0.9)::DOUBLE AS vr_p90,
    array_to_string(c.paths, ';') AS ref_images_kept, t.files AS n_ref_before, c.kept AS n_ref_kept,
    t.files - c.kept AS n_ref_dups_removed
FROM image_scores(
    tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
    encoder := $encoder, patch_encoder := $patch_encoder
) AS i
JOIN named AS n ON n.qid = i.qid
JOIN compared AS c ON c.qid = i.qid
JOIN there AS t ON t.qid = i.qid
JOIN several AS s ON s.model_id = i.model_id
JOIN reference_sets AS e ON e.qid = i.qid
LEFT JOIN patches AS x
    ON x.image_id = i.image_id AND x.encoder_id = i.patch_encoder_id AND x.grid = 4 AND x.status = 'ok'
    AND x.reference_set = e.reference_set
WHERE (i.s IS NOT NULL OR x.p IS NOT NULL)
    AND ($models IS NULL OR list_contains($models, i.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, i.perturbation))
ORDER BY i.perturbation, model, n.slug, i.variant, i.seed;
