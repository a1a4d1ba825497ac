-- purpose: Every measure of labelled images, one row each: VR, the mean of p, s under every encoder, and every metric.
-- params: images (image_ids; NULL: all), tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default)
-- returns: frame
WITH chosen AS (
    SELECT * FROM image_scores(
        tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
        encoder := $encoder, patch_encoder := $patch_encoder
    )
    WHERE $images IS NULL OR list_contains($images, image_id)
),
measured AS (
    SELECT image_id, 1 AS nth, 'vr' AS measure, vr AS value, false AS distance FROM chosen
    UNION ALL
    SELECT image_id, 2, 'vr_informative', vr_informative, false FROM chosen
    UNION ALL
    SELECT c.image_id, 3, 'mean p', list_avg(t.p), false
    FROM chosen AS c
    JOIN patches AS t ON t.image_id = c.image_id AND t.encoder_id = c.patch_encoder_id AND t.grid = 4
    JOIN reference_sets AS f ON f.qid = c.qid AND f.reference_set = t.reference_set
    UNION ALL
    SELECT c.image_id, 4, 's ' || s.encoder_id, s.s::DOUBLE, false
    FROM chosen AS c
    JOIN similarities AS s ON s.image_id = c.image_id
    JOIN reference_sets AS f ON f.qid = c.qid AND f.reference_set = s.reference_set
    UNION ALL
    SELECT c.image_id, 5, m.metric_id, v.value, NOT m.higher_is_closer
    FROM chosen AS c
    JOIN metric_scores AS v ON v.image_id = c.image_id
    JOIN metrics AS m ON m.metric_id = v.metric_id
    LEFT JOIN reference_sets AS f ON f.qid = c.qid
    WHERE m.compared_with <> 'references' OR v.compared = f.reference_set
)
SELECT image_id, measure, value, distance FROM measured WHERE value IS NOT NULL ORDER BY nth, measure, image_id;
