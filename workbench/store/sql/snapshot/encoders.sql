-- purpose: The encoders that image_scores() takes where none is named: its rule, without its joins.
-- returns: frame
WITH used AS (
    SELECT 'whole' AS part, encoder_id, count(*) AS n FROM similarities WHERE status = 'ok' GROUP BY encoder_id
    UNION ALL
    SELECT 'patches', encoder_id, count(*) FROM patches WHERE status = 'ok' AND grid = 4 GROUP BY encoder_id
),
preferred AS (
    SELECT u.part, first(u.encoder_id ORDER BY e.preference, e.first_used_utc, u.encoder_id) AS encoder_id
    FROM (FROM used QUALIFY n >= 0.9 * max(n) OVER (PARTITION BY part)) AS u
    JOIN encoders AS e ON e.encoder_id = u.encoder_id
    GROUP BY u.part
)
SELECT
    (SELECT encoder_id FROM preferred WHERE part = 'whole') AS encoder_id,
    (SELECT encoder_id FROM preferred WHERE part = 'patches') AS patch_encoder_id;
