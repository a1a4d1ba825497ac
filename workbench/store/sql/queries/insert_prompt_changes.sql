-- purpose: Store what was changed in prompts, where that is not there yet.
-- returns: nothing
INSERT OR IGNORE INTO prompt_changes BY NAME SELECT * FROM incoming;
