-- purpose: Every score of the images that somebody judged, one row each: s, vr, and whatever else they were measured by.
-- params: tau_static, tau_dynamic, tau_reuse, encoder (NULL: default), patch_encoder (NULL: default)
-- returns: frame
WITH judged AS (SELECT DISTINCT image_id FROM annotations),
measured AS (
    SELECT i.image_id, i.s, i.vr
    FROM image_scores(
        tau_static := $tau_static::DOUBLE, tau_dynamic := $tau_dynamic::DOUBLE, tau_reuse := $tau_reuse::DOUBLE,
        encoder := $encoder, patch_encoder := $patch_encoder
    ) AS i
    WHERE i.image_id IN (FROM judged)
)
SELECT image_id, 's' AS score, s::DOUBLE AS value FROM measured WHERE s IS NOT NULL
UNION ALL
SELECT image_id, 'vr', vr FROM measured WHERE vr IS NOT NULL
UNION ALL
SELECT image_id, metric_id, value FROM metric_scores WHERE status = 'ok' AND image_id IN (FROM judged)
ORDER BY score, image_id;
