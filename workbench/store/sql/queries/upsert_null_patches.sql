-- purpose: Write null comparisons of patches, replacing stale ones.
-- returns: nothing
INSERT OR REPLACE INTO null_patches BY NAME SELECT * FROM incoming;
