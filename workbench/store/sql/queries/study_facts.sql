-- purpose: How many rows ref_scores has unfiltered, and which encoders the measures take where none is named.
-- returns: StudyFacts
WITH pictured AS (
    SELECT DISTINCT p.qid, i.model_id, i.settings_id, p.perturbation
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
),
-- Aggregated: DuckDB 2.0 drops a LIMIT over image_scores() where nothing is scored.
chosen AS (SELECT any_value(encoder_id) AS encoder_id, any_value(patch_encoder_id) AS patch_encoder_id FROM image_scores())
SELECT
    (SELECT count(*) FROM pictured) + (SELECT count(*) FROM refs WHERE qid NOT IN (SELECT qid FROM pictured)) AS rows,
    (SELECT encoder_id FROM chosen) AS encoder_id,
    (SELECT patch_encoder_id FROM chosen) AS patch_encoder_id;
