-- purpose: Retire active prompts of the places (reference, perturbation) in incoming that are not in incoming themselves.
-- returns: nothing
UPDATE prompts SET active = false
WHERE active
    AND (qid, perturbation) IN (SELECT (qid, perturbation) FROM incoming)
    AND prompt_id NOT IN (SELECT prompt_id FROM incoming);
