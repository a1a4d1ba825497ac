-- purpose: Counts that decide what a person does next.
-- returns: NextSteps
WITH scorable AS (
    SELECT i.image_id, r.reference_set
    FROM images AS i
    JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
    JOIN reference_sets AS r ON r.qid = p.qid
    WHERE i.status = 'ok'
),
-- Under whichever encoder: one failure hides no success.
current_s AS (
    SELECT s.image_id, bool_or(s.status = 'ok') AS ok
    FROM similarities AS s JOIN scorable AS x ON x.image_id = s.image_id AND x.reference_set = s.reference_set
    GROUP BY s.image_id
),
current_patches AS (
    SELECT t.image_id, bool_or(t.status = 'ok') AS ok
    FROM patches AS t JOIN scorable AS x ON x.image_id = t.image_id AND x.reference_set = t.reference_set
    GROUP BY t.image_id
)
SELECT
    (SELECT count(*) FROM refs) AS refs,
    (SELECT count(*) FROM reference_sets) AS refs_with_image,
    (SELECT count(*) FROM images WHERE status = 'ok') AS images,
    (SELECT count(*) FROM images WHERE status <> 'ok') AS images_not_ok,
    (SELECT count(*) FROM scorable WHERE image_id NOT IN (SELECT image_id FROM current_s)) AS images_without_s,
    (SELECT count(*) FROM scorable WHERE image_id NOT IN (SELECT image_id FROM current_patches)) AS images_without_patches,
    (
        SELECT count(*) FROM scorable
        WHERE image_id IN (SELECT image_id FROM current_s WHERE NOT ok)
            OR image_id IN (SELECT image_id FROM current_patches WHERE NOT ok)
    ) AS images_with_failed_scores;
