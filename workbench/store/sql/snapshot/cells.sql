-- purpose: Number every reference, model, settings and perturbation that has images of an active prompt: a temporary table of the file's connection.
-- returns: nothing
CREATE TEMP TABLE cells AS
SELECT
    (row_number() OVER (ORDER BY qid, model_id, settings_id, perturbation) - 1)::INTEGER AS cell,
    qid, model_id, settings_id, perturbation
FROM (
    SELECT DISTINCT p.qid, i.model_id, i.settings_id, p.perturbation
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
);
