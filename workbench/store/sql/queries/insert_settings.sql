-- purpose: Register settings that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO settings BY NAME SELECT * FROM incoming;
