-- purpose: Generated images whose patch maxima are missing under an encoder, or were measured against other reference images than there are now.
-- params: encoder_id, model_id (NULL: all), retry (true: also what could not be scored)
-- returns: PlannedScore
WITH files AS (
    SELECT rs.qid, rs.reference_set, rs.sha256s AS ref_sha256s, list(ri.path ORDER BY ri.rank, ri.sha256) AS ref_paths
    FROM reference_sets AS rs JOIN ref_images AS ri ON ri.qid = rs.qid AND list_contains(rs.sha256s, ri.sha256)
    GROUP BY ALL
)
SELECT i.image_id, p.qid, i.path, f.reference_set, f.ref_sha256s, f.ref_paths
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
JOIN files AS f ON f.qid = p.qid
LEFT JOIN patches AS s ON s.image_id = i.image_id AND s.encoder_id = $encoder_id AND s.grid = 4
WHERE i.status = 'ok'
    AND ($model_id IS NULL OR i.model_id = $model_id)
    AND (s.image_id IS NULL OR s.reference_set <> f.reference_set OR (s.status = 'failed' AND coalesce($retry, false)))
ORDER BY p.qid, i.image_id;
