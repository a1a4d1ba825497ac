-- purpose: Store token counts; a count up to another limit is replaced.
-- returns: nothing
INSERT INTO prompt_tokens BY NAME SELECT * FROM incoming
ON CONFLICT (prompt_id, model_id, tokenizer) DO UPDATE SET
    token_count = excluded.token_count,
    max_tokens = excluded.max_tokens,
    truncated = excluded.truncated;
