-- purpose: Means over the references that pass (registered as passing), per model, settings, perturbation and kind, as model_scores() takes them.
-- returns: frame
SELECT
    model_id, settings_id, perturbation,
    CASE WHEN grouping(kind) = 1 THEN 'all' ELSE kind END AS kind,
    count(cra) AS n_refs, sum(n)::BIGINT AS n, sum(n_excluded)::BIGINT AS n_excluded,
    avg(mean_s) AS mean_s, avg(cra) AS cra, avg(vr) AS vr, avg(vi) AS vi,
    CASE WHEN count(crt) = count(cra) THEN avg(crt) END AS crt,
    avg(vr_all) AS vr_all, avg(vi_all) AS vi_all, avg(crt_all) AS crt_all
FROM passing
WHERE model_id IS NOT NULL
GROUP BY GROUPING SETS ((model_id, settings_id, perturbation, kind), (model_id, settings_id, perturbation))
ORDER BY kind, model_id, settings_id, perturbation;
