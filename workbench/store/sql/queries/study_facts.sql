-- purpose: How many rows ref_scores has unfiltered, and which encoders the measures take where none is named.
-- returns: StudyFacts
WITH pictured AS (
    SELECT DISTINCT p.qid, i.model_id, i.settings_id, p.perturbation
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
),
one AS (SELECT encoder_id, patch_encoder_id FROM image_scores() LIMIT 1)
SELECT
    (SELECT count(*) FROM pictured) + (SELECT count(*) FROM refs WHERE qid NOT IN (SELECT qid FROM pictured)) AS rows,
    (SELECT encoder_id FROM one) AS encoder_id,
    (SELECT patch_encoder_id FROM one) AS patch_encoder_id;
