-- purpose: Write s values, replacing stale or failed ones.
-- returns: nothing
INSERT OR REPLACE INTO similarities BY NAME SELECT * FROM incoming;
