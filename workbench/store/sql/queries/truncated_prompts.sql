-- purpose: How many active prompts a tokenizer finds too long, of each perturbation that has such.
-- params: tokenizer
-- returns: frame
SELECT p.perturbation, count(*) FILTER (WHERE t.truncated) AS truncated, count(*) AS prompts
FROM prompts AS p
JOIN prompt_tokens AS t ON t.prompt_id = p.prompt_id AND t.model_id = $tokenizer
WHERE p.active
GROUP BY p.perturbation
HAVING bool_or(t.truncated)
ORDER BY p.perturbation;
