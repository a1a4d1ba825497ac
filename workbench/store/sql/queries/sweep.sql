-- purpose: CRA, VR, VI and CRT of every model at every pair of thresholds, as model_scores gives them at one: static and dynamic at the same tau.
-- params: taus, taus_reuse (lists in rising order), encoder (NULL: default), patch_encoder (NULL: default), models, perturbations (lists; NULL: all)
-- returns: frame
WITH images AS (
    SELECT
        s.qid, s.kind, s.model_id, s.settings_id, s.perturbation, t.p,
        -- How many of the taus s reaches: it is recognised at the k-th where that is at least k.
        len(list_filter($taus::DOUBLE[], lambda tau: s.s >= tau::FLOAT)) AS reached
    FROM image_scores(encoder := $encoder, patch_encoder := $patch_encoder) AS s
    LEFT JOIN reference_sets AS f ON f.qid = s.qid
    LEFT JOIN patches AS t
        ON t.image_id = s.image_id AND t.encoder_id = s.patch_encoder_id AND t.grid = 4 AND t.status = 'ok'
        AND t.reference_set = f.reference_set
    WHERE s.s IS NOT NULL
        AND ($models IS NULL OR list_contains($models, s.model_id))
        AND ($perturbations IS NULL OR list_contains($perturbations, s.perturbation))
),
realised AS (
    SELECT
        * EXCLUDE (p),
        1 - list_avg(list_transform(p, lambda x: (x >= tau_reuse::FLOAT)::INTEGER)) AS vi
    FROM images CROSS JOIN (SELECT unnest($taus_reuse::DOUBLE[]) AS tau_reuse)
),
binned AS (
    SELECT
        qid, kind, model_id, settings_id, perturbation, tau_reuse, reached,
        count(*) AS n, count(vi) AS n_vi, coalesce(sum(vi), 0) AS sum_vi
    FROM realised
    GROUP BY qid, kind, model_id, settings_id, perturbation, tau_reuse, reached
),
cells AS (
    SELECT
        qid, kind, model_id, settings_id, perturbation, tau_reuse,
        sum(n) AS n, sum(sum_vi) / nullif(sum(n_vi), 0) AS vi_all
    FROM binned
    GROUP BY qid, kind, model_id, settings_id, perturbation, tau_reuse
),
steps AS (SELECT generate_subscripts($taus::DOUBLE[], 1) AS k, unnest($taus::DOUBLE[]) AS tau),
recognised AS (
    SELECT
        c.qid, c.kind, c.model_id, c.settings_id, c.perturbation, c.tau_reuse, t.tau, c.n, c.vi_all,
        coalesce(sum(b.n) OVER above, 0) AS hits,
        coalesce(sum(b.n_vi) OVER above, 0) AS n_vi,
        coalesce(sum(b.sum_vi) OVER above, 0) AS sum_vi
    FROM cells AS c
    CROSS JOIN steps AS t
    LEFT JOIN binned AS b
        ON b.qid = c.qid AND b.model_id = c.model_id AND b.settings_id = c.settings_id
        AND b.perturbation = c.perturbation AND b.tau_reuse = c.tau_reuse AND b.reached = t.k
    WINDOW above AS (
        PARTITION BY c.qid, c.model_id, c.settings_id, c.perturbation, c.tau_reuse ORDER BY t.k DESC
    )
),
refs AS (
    SELECT
        *, hits / n AS cra, sum_vi / nullif(n_vi, 0) AS vi,
        CASE WHEN hits = 0 THEN 0 WHEN n_vi = hits THEN hits / n * sum_vi / n_vi END AS crt
    FROM recognised
)
SELECT
    model_id, settings_id, perturbation,
    CASE WHEN grouping(kind) = 1 THEN 'all' ELSE kind END AS kind,
    tau, tau_reuse,
    count(*) AS n_refs,
    sum(n)::BIGINT AS n,
    avg(cra) AS cra,
    1 - avg(vi) AS vr,
    avg(vi) AS vi,
    CASE WHEN count(crt) = count(*) THEN avg(crt) END AS crt,
    1 - avg(vi_all) AS vr_all,
    avg(cra * vi_all) AS crt_all
FROM refs
GROUP BY GROUPING SETS (
    (model_id, settings_id, perturbation, kind, tau, tau_reuse), (model_id, settings_id, perturbation, tau, tau_reuse)
)
ORDER BY model_id, settings_id, perturbation, kind, tau_reuse, tau;
