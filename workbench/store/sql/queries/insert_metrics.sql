-- purpose: Register metrics that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO metrics BY NAME SELECT * FROM incoming;
