-- purpose: Register caption files that are counted.
-- returns: nothing
INSERT OR IGNORE INTO caption_files BY NAME SELECT * FROM incoming;
