-- purpose: Add reference images, or correct rank, credits and duplicate mark of those that are there.
-- returns: nothing
INSERT INTO ref_images BY NAME SELECT * FROM incoming
ON CONFLICT (qid, sha256) DO UPDATE SET
    rank = excluded.rank,
    duplicate_of = excluded.duplicate_of,
    source_url = excluded.source_url,
    author = excluded.author,
    licence = excluded.licence;
