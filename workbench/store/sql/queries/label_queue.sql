-- purpose: The images to label of some rows of ref_scores, in an order that follows from the annotator alone.
-- params: annotator, qids, models, settings, perturbations (lists of equal length: row by row, which rows)
-- returns: frame
SELECT i.image_id
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
SEMI JOIN (
    SELECT
        unnest($qids::VARCHAR[]) AS qid, unnest($models::VARCHAR[]) AS model_id,
        unnest($settings::VARCHAR[]) AS settings_id, unnest($perturbations::VARCHAR[]) AS perturbation
) AS c
    ON c.qid = p.qid AND c.model_id = i.model_id AND c.settings_id = i.settings_id AND c.perturbation = p.perturbation
WHERE i.status = 'ok'
ORDER BY md5(i.image_id || $annotator), i.image_id;
