-- purpose: Keep embeddings of reference images.
-- returns: nothing
INSERT OR IGNORE INTO reference_embeddings BY NAME SELECT * FROM incoming;
