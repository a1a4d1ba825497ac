-- purpose: Active prompts whose tokens a tokenizer without a model has not counted, or counted up to another limit.
-- params: tokenizer, max_tokens
-- returns: Prompt
SELECT p.* FROM prompts AS p
LEFT JOIN prompt_tokens AS t ON t.prompt_id = p.prompt_id AND t.model_id = $tokenizer AND t.max_tokens = $max_tokens
WHERE p.active AND t.prompt_id IS NULL
ORDER BY p.prompt_id;
