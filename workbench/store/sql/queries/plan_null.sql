-- purpose: The null comparisons that are missing under an encoder: a fixed sample of generated images, each against a fixed sample of other references of its kind.
-- params: encoder_id, table_name (null_similarities or null_patches), images (of each kind), others (references for each image)
-- returns: PlannedNull
WITH scorable AS (
    SELECT i.image_id, i.path, p.qid, r.kind
    FROM images AS i
    JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
    JOIN refs AS r ON r.qid = p.qid
    WHERE i.status = 'ok' AND r.qid IN (SELECT qid FROM reference_sets)
    QUALIFY row_number() OVER (PARTITION BY r.kind ORDER BY md5(i.image_id)) <= $images
),
pairs AS (
    SELECT s.image_id, s.path, r.qid, t.reference_set
    FROM scorable AS s
    JOIN refs AS r ON r.kind = s.kind AND r.qid <> s.qid
    JOIN reference_sets AS t ON t.qid = r.qid
    QUALIFY row_number() OVER (PARTITION BY s.image_id ORDER BY md5(s.image_id || r.qid)) <= $others
),
measured AS (
    SELECT image_id, qid, reference_set FROM null_similarities
    WHERE $table_name = 'null_similarities' AND encoder_id = $encoder_id
    UNION ALL
    SELECT image_id, qid, reference_set FROM null_patches
    WHERE $table_name = 'null_patches' AND encoder_id = $encoder_id AND grid = 4
)
SELECT p.image_id, p.path, p.qid
FROM pairs AS p
LEFT JOIN measured AS n ON n.image_id = p.image_id AND n.qid = p.qid
WHERE n.image_id IS NULL OR n.reference_set <> p.reference_set
ORDER BY p.image_id, p.qid;
