-- purpose: Write null comparisons, replacing stale ones.
-- returns: nothing
INSERT OR REPLACE INTO null_similarities BY NAME SELECT * FROM incoming;
