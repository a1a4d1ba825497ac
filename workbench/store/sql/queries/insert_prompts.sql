-- purpose: Add prompts that are not there yet, and make them the active ones again.
-- returns: nothing
INSERT INTO prompts BY NAME SELECT * FROM incoming
ON CONFLICT (prompt_id) DO UPDATE SET active = true WHERE NOT prompts.active;
