-- purpose: Every image of a model and an active prompt with its raw scores, as image_scores() joins them: current ones of ok images only. said: what people said of it, a bit each: 1 recognised, 2 not recognised, 4 replication, 8 transformation, 16 neither; 32: nothing.
-- params: model, encoder, patch_encoder (NULL: none has scored)
-- returns: frame
SELECT
    c.cell, r.kind = 'static' AS static, i.seed, p.variant, i.status = 'ok' AS ok,
    coalesce(nullif(a.said, 0), 32)::UTINYINT AS said, s.s,
    t.p[1] AS p0, t.p[2] AS p1, t.p[3] AS p2, t.p[4] AS p3, t.p[5] AS p4, t.p[6] AS p5, t.p[7] AS p6, t.p[8] AS p7,
    t.p[9] AS p8, t.p[10] AS p9, t.p[11] AS p10, t.p[12] AS p11, t.p[13] AS p12, t.p[14] AS p13, t.p[15] AS p14,
    t.p[16] AS p15
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
JOIN refs AS r ON r.qid = p.qid
JOIN cells AS c
    ON c.qid = p.qid AND c.model_id = i.model_id AND c.settings_id = i.settings_id AND c.perturbation = p.perturbation
LEFT JOIN reference_sets AS f ON f.qid = p.qid
LEFT JOIN similarities AS s
    ON s.image_id = i.image_id AND s.encoder_id = $encoder AND s.status = 'ok' AND i.status = 'ok'
    AND s.reference_set = f.reference_set
LEFT JOIN patches AS t
    ON t.image_id = i.image_id AND t.encoder_id = $patch_encoder AND t.grid = 4 AND t.status = 'ok' AND i.status = 'ok'
    AND t.reference_set = f.reference_set
LEFT JOIN (
    SELECT image_id, bit_or(
        CASE WHEN recognised THEN 1 WHEN NOT recognised THEN 2 ELSE 0 END
        | CASE realization WHEN 'replication' THEN 4 WHEN 'transformation' THEN 8 WHEN 'neither' THEN 16 ELSE 0 END
    ) AS said
    FROM annotations GROUP BY image_id
) AS a ON a.image_id = i.image_id
WHERE i.model_id = $model;
