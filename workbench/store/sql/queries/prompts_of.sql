-- purpose: The prompts of some references, active and retired.
-- params: qids
-- returns: Prompt
SELECT * FROM prompts
WHERE qid IN (SELECT unnest($qids::VARCHAR[]))
ORDER BY qid, perturbation, variant, prompt_id;
