-- purpose: Counts that decide what a person does next.
-- returns: NextSteps
WITH scorable AS (
    SELECT i.image_id, i.rowid AS number, r.reference_set
    FROM images AS i
    JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
    JOIN reference_sets AS r ON r.qid = p.qid
    WHERE i.status = 'ok'
),
-- Under whichever encoder: one failure hides no success. By number, which takes a fraction of the memory of an id.
current_s AS (
    SELECT x.number, bool_or(s.status = 'ok') AS ok
    FROM similarities AS s JOIN scorable AS x ON x.image_id = s.image_id AND x.reference_set = s.reference_set
    GROUP BY x.number
),
current_patches AS (
    SELECT x.number, bool_or(t.status = 'ok') AS ok
    FROM patches AS t JOIN scorable AS x ON x.image_id = t.image_id AND x.reference_set = t.reference_set
    GROUP BY x.number
),
counted AS (
    SELECT
        count(*) FILTER (WHERE s.number IS NULL) AS images_without_s,
        count(*) FILTER (WHERE t.number IS NULL) AS images_without_patches,
        count(*) FILTER (WHERE NOT s.ok OR NOT t.ok) AS images_with_failed_scores
    FROM (SELECT number FROM scorable) AS x
    LEFT JOIN current_s AS s ON s.number = x.number
    LEFT JOIN current_patches AS t ON t.number = x.number
)
SELECT
    (SELECT count(*) FROM refs) AS refs,
    (SELECT count(*) FROM reference_sets) AS refs_with_image,
    (SELECT count(*) FROM images WHERE status = 'ok') AS images,
    (SELECT count(*) FROM images WHERE status <> 'ok') AS images_not_ok,
    images_without_s, images_without_patches, images_with_failed_scores
FROM counted;
