-- purpose: Add reference images that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO ref_images BY NAME SELECT * FROM incoming;
