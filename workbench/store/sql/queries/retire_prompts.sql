-- purpose: Retire active prompts whose place (reference, perturbation, variant) another text of incoming takes.
-- returns: nothing
UPDATE prompts SET active = false
FROM incoming AS i
WHERE prompts.qid = i.qid AND prompts.perturbation = i.perturbation AND prompts.variant = i.variant
    AND prompts.prompt_id <> i.prompt_id AND prompts.active;
