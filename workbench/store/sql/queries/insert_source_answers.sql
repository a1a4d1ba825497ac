-- purpose: Keep answers that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO source_answers BY NAME SELECT * FROM incoming;
