-- The measures of arXiv:2511.11435, fig. 2, computed from the raw numbers at reading time.
-- Defaults are the study's thresholds, chosen there for CLIP ViT-B/16 (tau) and DINOv3 (tau_reuse).

CREATE MACRO image_scores(
    tau_static := 0.70,
    tau_dynamic := 0.75,
    tau_reuse := 0.60,
    encoder := NULL,
    patch_encoder := NULL,
    min_entropy := 1.0
) AS TABLE
WITH used AS (
    SELECT 'whole' AS part, encoder_id, count(*) AS n FROM similarities WHERE status = 'ok' GROUP BY encoder_id
    UNION ALL
    SELECT 'patches', encoder_id, count(*) FROM patches WHERE status = 'ok' AND grid = 4 GROUP BY encoder_id
),
-- An encoder that has scored next to nothing yet does not take the place of one that has scored all.
preferred AS (
    SELECT u.part, first(u.encoder_id ORDER BY e.preference, e.first_used_utc, u.encoder_id) AS encoder_id
    FROM (FROM used QUALIFY n >= 0.9 * max(n) OVER (PARTITION BY part)) AS u
    JOIN encoders AS e ON e.encoder_id = u.encoder_id
    GROUP BY u.part
),
chosen AS (
    SELECT
        coalesce(encoder, (SELECT encoder_id FROM preferred WHERE part = 'whole')) AS encoder_id,
        coalesce(patch_encoder, (SELECT encoder_id FROM preferred WHERE part = 'patches')) AS patch_encoder_id
)
SELECT
    i.image_id,
    i.prompt_id,
    r.qid,
    r.label,
    r.kind,
    r.type,
    i.model_id,
    i.settings_id,
    p.perturbation,
    p.variant,
    i.seed,
    i.status,
    i.sha256,
    i.path,
    c.encoder_id,
    s.s,
    s.best_sha256,
    s.s >= (CASE r.kind WHEN 'static' THEN tau_static ELSE tau_dynamic END)::FLOAT AS recognised,
    c.patch_encoder_id,
    list_avg(list_transform(t.p, lambda x: (x >= tau_reuse::FLOAT)::INTEGER)) AS vr,
    1 - list_avg(list_transform(t.p, lambda x: (x >= tau_reuse::FLOAT)::INTEGER)) AS vi,
    list_avg(list_transform(
        list_filter(list_zip(t.p, t.entropy), lambda x: x[2] >= min_entropy),
        lambda x: (x[1] >= tau_reuse::FLOAT)::INTEGER
    )) AS vr_informative
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
JOIN refs AS r ON r.qid = p.qid
CROSS JOIN chosen AS c
LEFT JOIN reference_sets AS f ON f.qid = r.qid
LEFT JOIN similarities AS s
    ON s.image_id = i.image_id AND s.encoder_id = c.encoder_id AND s.status = 'ok' AND i.status = 'ok'
    AND s.reference_set = f.reference_set
LEFT JOIN patches AS t
    ON t.image_id = i.image_id AND t.encoder_id = c.patch_encoder_id AND t.grid = 4 AND t.status = 'ok' AND i.status = 'ok'
    AND t.reference_set = f.reference_set;
COMMENT ON MACRO TABLE image_scores IS 'One row per generated image of an active prompt: s, recognised (s >= tau of its kind), vr (share of patches with p >= tau_reuse), vi = 1 - vr, vr_informative (over patches of at least min_entropy bits). NULL: not ok, not scored, or scored against other reference images than there are now.';

CREATE MACRO ref_scores(
    tau_static := 0.70,
    tau_dynamic := 0.75,
    tau_reuse := 0.60,
    encoder := NULL,
    patch_encoder := NULL,
    min_entropy := 1.0
) AS TABLE
SELECT
    qid,
    label,
    kind,
    type,
    model_id,
    settings_id,
    perturbation,
    count(s) AS n,
    count(*) AS n_images,
    count(*) FILTER (WHERE status <> 'ok') AS n_excluded,
    count(*) FILTER (WHERE recognised) AS n_recognised,
    count(vr) FILTER (WHERE recognised) AS n_realised,
    avg(s) AS mean_s,
    avg(recognised::INTEGER) AS cra,
    avg(vr) FILTER (WHERE recognised) AS vr,
    avg(vi) FILTER (WHERE recognised) AS vi,
    CASE WHEN count(*) FILTER (WHERE recognised) = 0 AND count(s) > 0 THEN 0
         WHEN count(*) FILTER (WHERE recognised AND vi IS NULL) = 0
         THEN avg(recognised::INTEGER) * avg(vi) FILTER (WHERE recognised) END AS crt,
    avg(vr) AS vr_all,
    avg(vi) AS vi_all,
    avg(recognised::INTEGER) * avg(vi) AS crt_all,
    avg(vr_informative) FILTER (WHERE recognised) AS vr_informative,
    any_value(encoder_id) AS encoder_id,
    any_value(patch_encoder_id) AS patch_encoder_id
FROM image_scores(
    tau_static := tau_static, tau_dynamic := tau_dynamic, tau_reuse := tau_reuse,
    encoder := encoder, patch_encoder := patch_encoder, min_entropy := min_entropy
)
GROUP BY qid, label, kind, type, model_id, settings_id, perturbation;
COMMENT ON MACRO TABLE ref_scores IS 'One row per reference, model, settings and perturbation. n: scored images; cra: share recognised; vr, vi: mean over the recognised images (NULL where none is); crt = cra * vi (0 where none is recognised, NULL while a recognised image lacks patch maxima); *_all: VI averaged over all scored images instead.';

CREATE MACRO model_scores(
    tau_static := 0.70,
    tau_dynamic := 0.75,
    tau_reuse := 0.60,
    encoder := NULL,
    patch_encoder := NULL,
    min_entropy := 1.0
) AS TABLE
SELECT
    model_id,
    settings_id,
    perturbation,
    CASE WHEN grouping(kind) = 1 THEN 'all' ELSE kind END AS kind,
    count(cra) AS n_refs,
    sum(n)::BIGINT AS n,
    sum(n_excluded)::BIGINT AS n_excluded,
    avg(mean_s) AS mean_s,
    avg(cra) AS cra,
    avg(vr) AS vr,
    avg(vi) AS vi,
    CASE WHEN count(crt) = count(cra) THEN avg(crt) END AS crt,
    avg(vr_all) AS vr_all,
    avg(vi_all) AS vi_all,
    avg(crt_all) AS crt_all,
    any_value(encoder_id) AS encoder_id,
    any_value(patch_encoder_id) AS patch_encoder_id
FROM ref_scores(
    tau_static := tau_static, tau_dynamic := tau_dynamic, tau_reuse := tau_reuse,
    encoder := encoder, patch_encoder := patch_encoder, min_entropy := min_entropy
)
GROUP BY GROUPING SETS ((model_id, settings_id, perturbation, kind), (model_id, settings_id, perturbation));
COMMENT ON MACRO TABLE model_scores IS 'One row per model, settings, perturbation and kind (static, dynamic, all): means over references, the unit of analysis. vr and vi over the references with a recognised image; crt NULL while it is for one of them.';

CREATE MACRO correlation_input(
    tau_static := 0.70,
    tau_dynamic := 0.75,
    tau_reuse := 0.60,
    encoder := NULL,
    patch_encoder := NULL,
    min_entropy := 1.0
) AS TABLE
WITH facts AS (
    SELECT qid, name AS covariate, method, value FROM covariates
    UNION ALL
    SELECT qid, 'creation_date', 'year', creation_year::DOUBLE FROM refs WHERE creation_year IS NOT NULL
)
SELECT
    s.qid,
    s.label,
    s.kind,
    s.type,
    s.model_id,
    s.settings_id,
    s.perturbation,
    f.covariate,
    f.method,
    f.value,
    s.n,
    s.mean_s,
    s.cra,
    s.vr,
    s.vi,
    s.crt
FROM ref_scores(
    tau_static := tau_static, tau_dynamic := tau_dynamic, tau_reuse := tau_reuse,
    encoder := encoder, patch_encoder := patch_encoder, min_entropy := min_entropy
) AS s
JOIN facts AS f ON f.qid = s.qid;
COMMENT ON MACRO TABLE correlation_input IS 'One row per reference, model, settings, perturbation, covariate and method: what a correlation takes in.';
