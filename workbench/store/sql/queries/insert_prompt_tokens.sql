-- purpose: Store token counts that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO prompt_tokens BY NAME SELECT * FROM incoming;
