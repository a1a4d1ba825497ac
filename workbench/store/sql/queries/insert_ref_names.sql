-- purpose: Add names of references that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO ref_names BY NAME SELECT * FROM incoming;
