-- purpose: Add references that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO refs BY NAME SELECT * FROM incoming;
