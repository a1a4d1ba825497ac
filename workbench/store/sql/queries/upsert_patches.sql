-- purpose: Write patch maxima, replacing stale or failed ones.
-- returns: nothing
INSERT OR REPLACE INTO patches BY NAME SELECT * FROM incoming;
