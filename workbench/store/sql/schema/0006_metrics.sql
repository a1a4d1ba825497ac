-- Measures beside s and p: what they are, and what each score was compared with. Embeddings of reference images, kept.

CREATE TABLE metrics (
    metric_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    library VARCHAR NOT NULL,
    settings VARCHAR NOT NULL,
    compared_with VARCHAR NOT NULL CHECK (compared_with IN ('references', 'prompt', 'siblings')),
    higher_is_closer BOOLEAN NOT NULL,
    low DOUBLE NOT NULL,
    high DOUBLE NOT NULL,
    first_used_utc TIMESTAMP NOT NULL
);
COMMENT ON TABLE metrics IS 'A measure of metric_scores as it was used: library, version and settings are fixed by its id.';
COMMENT ON COLUMN metrics.metric_id IS 'Name, and a hash of library, settings and weights.';
COMMENT ON COLUMN metrics.name IS 'Name as the user gives it, e.g. ssim, lpips:alex, similarity:sscd:FILE.';
COMMENT ON COLUMN metrics.library IS 'What computes it, with its version.';
COMMENT ON COLUMN metrics.settings IS 'JSON: what happens to a picture before, and what else determines the value.';
COMMENT ON COLUMN metrics.compared_with IS 'references: the best of the reference images; prompt: the text; siblings: the mean over the other images of the same prompt, model and settings.';
COMMENT ON COLUMN metrics.higher_is_closer IS 'true for similarities, false for distances.';
COMMENT ON COLUMN metrics.low IS 'Lowest possible value.';
COMMENT ON COLUMN metrics.high IS 'Highest possible value; infinite: none.';
COMMENT ON COLUMN metrics.first_used_utc IS 'When it first scored an image of this file, UTC.';

ALTER TABLE metric_scores ADD COLUMN compared VARCHAR;
ALTER TABLE metric_scores ADD COLUMN best_sha256 VARCHAR;
COMMENT ON COLUMN metric_scores.metric_id IS 'The measure, as in metrics.';
COMMENT ON COLUMN metric_scores.compared IS 'What it was compared with: reference_set as in similarities, the prompt_id, or a hash of the images of the same prompt, model and settings; where that has changed the score is stale and planned again.';
COMMENT ON COLUMN metric_scores.best_sha256 IS 'The reference image that gave the value; NULL: none alone did.';

CREATE TABLE reference_embeddings (
    sha256 VARCHAR NOT NULL CHECK (length(sha256) = 64),
    encoder_id VARCHAR NOT NULL,
    grid UTINYINT NOT NULL CHECK (grid >= 1),
    vectors FLOAT[] NOT NULL,
    PRIMARY KEY (sha256, encoder_id, grid)
);
COMMENT ON TABLE reference_embeddings IS 'Embeddings of reference images, so that none is computed twice. Safe to empty.';
COMMENT ON COLUMN reference_embeddings.sha256 IS 'The reference image, as in ref_images.';
COMMENT ON COLUMN reference_embeddings.encoder_id IS 'The encoder.';
COMMENT ON COLUMN reference_embeddings.grid IS '1: of the whole picture; 4: of its 16 patches.';
COMMENT ON COLUMN reference_embeddings.vectors IS 'grid² L2-normalised vectors, one after the other, row-major.';

CREATE MACRO null_scores(encoder := NULL) AS TABLE
SELECT
    s.image_id,
    s.qid,
    s.encoder_id,
    s.s,
    avg(n.s)::DOUBLE AS null_mean,
    stddev_samp(n.s)::DOUBLE AS null_sd,
    count(n.s) AS n_pairs,
    (s.s - avg(n.s)) / nullif(stddev_samp(n.s), 0) AS z
FROM image_scores(encoder := encoder) AS s
JOIN null_similarities AS n ON n.image_id = s.image_id AND n.encoder_id = s.encoder_id
JOIN reference_sets AS f ON f.qid = n.qid AND f.reference_set = n.reference_set
WHERE s.s IS NOT NULL
GROUP BY s.image_id, s.qid, s.encoder_id, s.s;
COMMENT ON MACRO TABLE null_scores IS 'One row per image that was compared with other references: s beside the mean and sd of its s against references that it was not asked for.';
