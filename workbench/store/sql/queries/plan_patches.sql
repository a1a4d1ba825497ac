-- purpose: Generated images whose patch maxima are missing under an encoder, or were measured against other reference images than there are now.
-- params: encoder_id, model_id (NULL: all), retry (true: also what could not be scored)
-- returns: PlannedScore
SELECT i.image_id, p.qid, i.path
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
JOIN reference_sets AS f ON f.qid = p.qid
LEFT JOIN patches AS s ON s.image_id = i.image_id AND s.encoder_id = $encoder_id AND s.grid = 4
WHERE i.status = 'ok'
    AND ($model_id IS NULL OR i.model_id = $model_id)
    AND (s.image_id IS NULL OR s.reference_set <> f.reference_set OR (s.status = 'failed' AND coalesce($retry, false)))
ORDER BY p.qid, i.image_id;
