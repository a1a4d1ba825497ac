-- The null of each similarity: the same images against references that they were not asked for.
-- Raw again: a threshold for any stated rate of false recognition is a quantile, taken when reading.

CREATE TABLE null_similarities (
    image_id VARCHAR NOT NULL,
    encoder_id VARCHAR NOT NULL,
    qid VARCHAR NOT NULL,
    s FLOAT NOT NULL CHECK (s BETWEEN -1.0001 AND 1.0001),
    reference_set VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (image_id, encoder_id, qid)
);
COMMENT ON TABLE null_similarities IS 's of one generated image against another reference of the same kind than its own: what similarity means nothing.';
COMMENT ON COLUMN null_similarities.image_id IS 'The generated image.';
COMMENT ON COLUMN null_similarities.encoder_id IS 'The encoder.';
COMMENT ON COLUMN null_similarities.qid IS 'The other reference.';
COMMENT ON COLUMN null_similarities.s IS 'Highest cosine similarity to a reference image of it, -1 to 1.';
COMMENT ON COLUMN null_similarities.reference_set IS 'Hash of the reference images compared with, as in similarities.';
COMMENT ON COLUMN null_similarities.run_id IS 'The run that scored it.';

CREATE TABLE null_patches (
    image_id VARCHAR NOT NULL,
    encoder_id VARCHAR NOT NULL,
    grid UTINYINT NOT NULL CHECK (grid >= 1),
    qid VARCHAR NOT NULL,
    p FLOAT[] NOT NULL CHECK (len(p) = grid * grid),
    reference_set VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (image_id, encoder_id, grid, qid)
);
COMMENT ON TABLE null_patches IS 'The patch maxima of one generated image against another reference of the same kind than its own.';
COMMENT ON COLUMN null_patches.image_id IS 'The generated image.';
COMMENT ON COLUMN null_patches.encoder_id IS 'The encoder.';
COMMENT ON COLUMN null_patches.grid IS 'Patches a side, as in patches.';
COMMENT ON COLUMN null_patches.qid IS 'The other reference.';
COMMENT ON COLUMN null_patches.p IS 'For each patch the highest cosine similarity to any patch of it, -1 to 1.';
COMMENT ON COLUMN null_patches.reference_set IS 'Hash of the reference images compared with, as in patches.';
COMMENT ON COLUMN null_patches.run_id IS 'The run that scored it.';

CREATE MACRO calibration(false_rate := 0.05) AS TABLE
SELECT
    'tau_' || r.kind AS threshold,
    n.encoder_id,
    quantile_cont(n.s, 1 - false_rate)::DOUBLE AS value,
    false_rate::DOUBLE AS false_rate,
    count(DISTINCT n.image_id) AS n_images,
    count(DISTINCT n.qid) AS n_refs,
    count(*) AS n_pairs
FROM null_similarities AS n
JOIN refs AS r ON r.qid = n.qid
JOIN reference_sets AS f ON f.qid = n.qid AND f.reference_set = n.reference_set
GROUP BY r.kind, n.encoder_id
UNION ALL
SELECT
    'tau_reuse',
    n.encoder_id,
    quantile_cont(n.x, 1 - false_rate)::DOUBLE,
    false_rate::DOUBLE,
    count(DISTINCT n.image_id),
    count(DISTINCT n.qid),
    count(*)
FROM (
    SELECT p.image_id, p.encoder_id, p.qid, unnest(p.p) AS x
    FROM null_patches AS p JOIN reference_sets AS f ON f.qid = p.qid AND f.reference_set = p.reference_set
    WHERE p.grid = 4
) AS n
GROUP BY n.encoder_id;
COMMENT ON MACRO TABLE calibration IS 'One row per threshold and encoder: the value that a share false_rate of the null comparisons (images against other references of the same kind) reaches by chance.';
