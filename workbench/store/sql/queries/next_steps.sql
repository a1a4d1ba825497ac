-- purpose: Counts that decide what a person does next.
-- returns: NextSteps
SELECT
    (SELECT count(*) FROM refs) AS refs,
    (SELECT count(*) FROM reference_sets) AS refs_with_image,
    (SELECT count(*) FROM prompts WHERE active) AS prompts,
    (SELECT count(*) FROM images WHERE status = 'ok') AS images,
    (SELECT count(*) FROM images WHERE status <> 'ok') AS images_not_ok,
    (
        SELECT count(*) FROM images AS i
        JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
        JOIN reference_sets AS r ON r.qid = p.qid
        WHERE i.status = 'ok' AND NOT EXISTS (
            SELECT 1 FROM similarities AS s WHERE s.image_id = i.image_id AND s.reference_set = r.reference_set AND s.status = 'ok'
        )
    ) AS images_without_s,
    (
        SELECT count(*) FROM images AS i
        JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
        JOIN reference_sets AS r ON r.qid = p.qid
        WHERE i.status = 'ok' AND NOT EXISTS (
            SELECT 1 FROM patches AS t WHERE t.image_id = i.image_id AND t.reference_set = r.reference_set AND t.status = 'ok'
        )
    ) AS images_without_patches;
