-- purpose: Register encoders that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO encoders BY NAME SELECT * FROM incoming;
