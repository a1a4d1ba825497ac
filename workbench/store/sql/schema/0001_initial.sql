-- The tables of a study. Keys are natural (QIDs, hashes of content), so that every writer is idempotent.
-- No foreign keys and no secondary indexes: in DuckDB both forbid altering or updating the rows they guard.
-- Joins: refs.qid, prompts.prompt_id, models.model_id, settings.settings_id, images.image_id, encoders.encoder_id, runs.run_id.

CREATE TABLE refs (
    qid VARCHAR PRIMARY KEY CHECK (regexp_full_match(qid, 'Q[1-9][0-9]*')),
    label VARCHAR NOT NULL CHECK (trim(label) <> ''),
    kind VARCHAR NOT NULL CHECK (kind IN ('static', 'dynamic')),
    type VARCHAR,
    creators VARCHAR[] NOT NULL,
    creation_date VARCHAR,
    creation_year INTEGER,
    creation_precision UTINYINT CHECK (creation_precision <= 14),
    creation_calendar VARCHAR CHECK (creation_calendar IN ('gregorian', 'julian')),
    description VARCHAR,
    image_file VARCHAR,
    source VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE refs IS 'A cultural reference: what a prompt evokes.';
COMMENT ON COLUMN refs.qid IS 'Wikidata item, e.g. Q45585.';
COMMENT ON COLUMN refs.label IS 'English label: the title that is prompted.';
COMMENT ON COLUMN refs.kind IS 'static (artwork, photograph: one canonical picture) or dynamic (film, series: many).';
COMMENT ON COLUMN refs.type IS 'Kind of work, e.g. painting, sculpture, film, television series; NULL: unknown.';
COMMENT ON COLUMN refs.creators IS 'Creators or directors, in the order of the source; [] where unknown.';
COMMENT ON COLUMN refs.creation_date IS 'ISO 8601 with astronomical years (year 0 is 1 BCE), as precise as creation_precision says; NULL: unknown.';
COMMENT ON COLUMN refs.creation_year IS 'Astronomical year of creation_date: 0 is 1 BCE, -459 is 460 BCE; NULL: unknown.';
COMMENT ON COLUMN refs.creation_precision IS 'Wikidata precision: 6 millennium, 7 century, 8 decade, 9 year, 10 month, 11 day.';
COMMENT ON COLUMN refs.creation_calendar IS 'Calendar of creation_date: gregorian (proleptic) or julian.';
COMMENT ON COLUMN refs.description IS 'Short English description of the item; NULL: unknown.';
COMMENT ON COLUMN refs.image_file IS 'File name on Wikimedia Commons (P18); NULL: none.';
COMMENT ON COLUMN refs.source IS 'Where the row came from: a file name or an endpoint.';
COMMENT ON COLUMN refs.run_id IS 'The run that wrote the row last.';

CREATE TABLE ref_images (
    qid VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL CHECK (length(sha256) = 64),
    path VARCHAR NOT NULL,
    phash VARCHAR NOT NULL CHECK (length(phash) = 16),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    rank INTEGER NOT NULL CHECK (rank >= 1),
    duplicate_of VARCHAR,
    source_url VARCHAR,
    author VARCHAR,
    licence VARCHAR,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (qid, sha256)
);
COMMENT ON TABLE ref_images IS 'A reference image: a picture of the reference itself, original bytes kept.';
COMMENT ON COLUMN ref_images.qid IS 'The reference shown.';
COMMENT ON COLUMN ref_images.sha256 IS 'SHA-256 of the file, lower-case hex.';
COMMENT ON COLUMN ref_images.path IS 'File, relative to the images folder beside the database.';
COMMENT ON COLUMN ref_images.phash IS '64-bit perceptual hash (pHash, DCT), 16 hex digits.';
COMMENT ON COLUMN ref_images.width IS 'Width, pixels, after EXIF rotation.';
COMMENT ON COLUMN ref_images.height IS 'Height, pixels, after EXIF rotation.';
COMMENT ON COLUMN ref_images.rank IS '1 is the first image of the reference, the one that static references are scored against.';
COMMENT ON COLUMN ref_images.duplicate_of IS 'sha256 of the earlier image of the same reference that this one repeats (pHash distance within the threshold of the run); NULL: kept.';
COMMENT ON COLUMN ref_images.source_url IS 'Where the picture came from: a URL or the name of the file.';
COMMENT ON COLUMN ref_images.author IS 'Author as credited by the source; NULL: unknown.';
COMMENT ON COLUMN ref_images.licence IS 'Licence as stated by the source; NULL: unknown.';
COMMENT ON COLUMN ref_images.run_id IS 'The run that added the image.';

CREATE TABLE covariates (
    qid VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    value DOUBLE NOT NULL CHECK (isfinite(value)),
    unit VARCHAR NOT NULL,
    as_of DATE,
    provenance VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (qid, name, method)
);
COMMENT ON TABLE covariates IS 'One measured property of a reference; several methods may stand side by side.';
COMMENT ON COLUMN covariates.qid IS 'The reference measured.';
COMMENT ON COLUMN covariates.name IS 'What is measured: popularity, training_frequency, textual_uniqueness, …';
COMMENT ON COLUMN covariates.method IS 'How it is measured, e.g. sitelinks, pageviews.';
COMMENT ON COLUMN covariates.value IS 'The value, in unit.';
COMMENT ON COLUMN covariates.unit IS 'Unit of value, e.g. sitelinks, views.';
COMMENT ON COLUMN covariates.as_of IS 'Day for which the value holds; NULL: the source does not say.';
COMMENT ON COLUMN covariates.provenance IS 'File or service that the value came from.';
COMMENT ON COLUMN covariates.run_id IS 'The run that wrote the value.';

CREATE TABLE prompts (
    prompt_id VARCHAR PRIMARY KEY,
    qid VARCHAR NOT NULL,
    perturbation VARCHAR NOT NULL,
    variant INTEGER NOT NULL CHECK (variant >= 1),
    method VARCHAR NOT NULL,
    text VARCHAR NOT NULL CHECK (trim(text) <> ''),
    changes VARCHAR,
    active BOOLEAN NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE prompts IS 'A text sent to a model on behalf of a reference.';
COMMENT ON COLUMN prompts.prompt_id IS 'Hash of qid, perturbation, variant and text: 32 hex digits.';
COMMENT ON COLUMN prompts.qid IS 'The reference meant.';
COMMENT ON COLUMN prompts.perturbation IS 'Prompt condition: title, synonym, literal, translation, with-creator, description, …';
COMMENT ON COLUMN prompts.variant IS 'Number of the variant within the reference and perturbation, from 1.';
COMMENT ON COLUMN prompts.method IS 'How the text was made, e.g. label, csv.';
COMMENT ON COLUMN prompts.text IS 'The prompt, verbatim.';
COMMENT ON COLUMN prompts.changes IS 'JSON: what was changed against the title; NULL: nothing.';
COMMENT ON COLUMN prompts.active IS 'false once another text took its place: its images stay but it is neither planned nor measured.';
COMMENT ON COLUMN prompts.run_id IS 'The run that wrote the prompt.';

CREATE TABLE prompt_tokens (
    prompt_id VARCHAR NOT NULL,
    model_id VARCHAR NOT NULL,
    tokenizer VARCHAR NOT NULL,
    token_count INTEGER NOT NULL CHECK (token_count >= 0),
    max_tokens INTEGER NOT NULL CHECK (max_tokens > 0),
    truncated BOOLEAN NOT NULL,
    PRIMARY KEY (prompt_id, model_id, tokenizer)
);
COMMENT ON TABLE prompt_tokens IS 'Length of a prompt under each text encoder of a model: a prompt cut at the limit is another condition.';
COMMENT ON COLUMN prompt_tokens.prompt_id IS 'The prompt.';
COMMENT ON COLUMN prompt_tokens.model_id IS 'The model whose tokenizer counted.';
COMMENT ON COLUMN prompt_tokens.tokenizer IS 'Component of the pipeline: tokenizer, tokenizer_2, tokenizer_3.';
COMMENT ON COLUMN prompt_tokens.token_count IS 'Tokens of the whole text, special tokens included.';
COMMENT ON COLUMN prompt_tokens.max_tokens IS 'Limit of the text encoder in this pipeline, tokens.';
COMMENT ON COLUMN prompt_tokens.truncated IS 'true where token_count is over max_tokens: the model never saw the end.';

CREATE TABLE models (
    model_id VARCHAR PRIMARY KEY,
    hub_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    pipeline VARCHAR NOT NULL,
    licence VARCHAR,
    gated BOOLEAN NOT NULL
);
COMMENT ON TABLE models IS 'A text-to-image model as it was used.';
COMMENT ON COLUMN models.model_id IS 'Short name: the key of the models table that ships, or the name of a local folder.';
COMMENT ON COLUMN models.hub_id IS 'Repository on the model hub, or the local folder.';
COMMENT ON COLUMN models.revision IS 'Commit on the hub, or sha256:… over the files of a local folder.';
COMMENT ON COLUMN models.family IS 'Which loader runs it: sd, sdxl, sd3, flux, pixart, auto.';
COMMENT ON COLUMN models.pipeline IS 'Pipeline class, e.g. StableDiffusionPipeline.';
COMMENT ON COLUMN models.licence IS 'Licence of the weights; NULL: unknown.';
COMMENT ON COLUMN models.gated IS 'true where the hub asks for a token and for consent.';

CREATE TABLE settings (
    settings_id VARCHAR PRIMARY KEY,
    model_id VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    steps INTEGER NOT NULL CHECK (steps > 0),
    guidance DOUBLE NOT NULL CHECK (guidance >= 0),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    dtype VARCHAR NOT NULL,
    scheduler VARCHAR NOT NULL,
    negative_prompt VARCHAR NOT NULL,
    extra VARCHAR NOT NULL
);
COMMENT ON TABLE settings IS 'Everything besides prompt and seed that determines an image.';
COMMENT ON COLUMN settings.settings_id IS 'Hash of the other columns: 16 hex digits.';
COMMENT ON COLUMN settings.model_id IS 'The model.';
COMMENT ON COLUMN settings.revision IS 'Its revision, as in models.';
COMMENT ON COLUMN settings.steps IS 'Denoising steps.';
COMMENT ON COLUMN settings.guidance IS 'Classifier-free guidance scale.';
COMMENT ON COLUMN settings.width IS 'Width asked for, pixels.';
COMMENT ON COLUMN settings.height IS 'Height asked for, pixels.';
COMMENT ON COLUMN settings.dtype IS 'Number format of the weights: float32, float16, bfloat16.';
COMMENT ON COLUMN settings.scheduler IS 'Scheduler class.';
COMMENT ON COLUMN settings.negative_prompt IS 'Negative prompt; empty: none.';
COMMENT ON COLUMN settings.extra IS 'JSON: further arguments of the pipeline call, e.g. max_sequence_length.';

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    command VARCHAR NOT NULL,
    arguments VARCHAR NOT NULL,
    versions VARCHAR NOT NULL,
    git_commit VARCHAR,
    git_dirty BOOLEAN,
    device VARCHAR,
    host VARCHAR NOT NULL,
    pid INTEGER NOT NULL,
    started_utc TIMESTAMP NOT NULL,
    updated_utc TIMESTAMP NOT NULL,
    ended_utc TIMESTAMP,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('running', 'done', 'some failed', 'failed', 'interrupted')),
    planned BIGINT NOT NULL CHECK (planned >= 0),
    done BIGINT NOT NULL CHECK (done >= 0),
    failed BIGINT NOT NULL CHECK (failed >= 0),
    message VARCHAR
);
COMMENT ON TABLE runs IS 'One invocation of a command that writes.';
COMMENT ON COLUMN runs.run_id IS 'Start time and a random part: sorts by time.';
COMMENT ON COLUMN runs.command IS 'The command: ingest, generate, score, …';
COMMENT ON COLUMN runs.arguments IS 'JSON: its arguments.';
COMMENT ON COLUMN runs.versions IS 'JSON: version of the workbench, of Python and of the libraries that made the result.';
COMMENT ON COLUMN runs.git_commit IS 'Commit of the workbench where it runs from a checkout; NULL: installed.';
COMMENT ON COLUMN runs.git_dirty IS 'true where that checkout had changes.';
COMMENT ON COLUMN runs.device IS 'Device that computed, e.g. cpu, cuda: NVIDIA H100; NULL: none.';
COMMENT ON COLUMN runs.host IS 'Host name.';
COMMENT ON COLUMN runs.pid IS 'Process id on that host.';
COMMENT ON COLUMN runs.started_utc IS 'Start, UTC.';
COMMENT ON COLUMN runs.updated_utc IS 'Last sign of life, UTC.';
COMMENT ON COLUMN runs.ended_utc IS 'End, UTC; NULL: running, or killed.';
COMMENT ON COLUMN runs.outcome IS 'running, done, some failed, failed or interrupted; a killed run stays running.';
COMMENT ON COLUMN runs.planned IS 'Items planned.';
COMMENT ON COLUMN runs.done IS 'Items written with success.';
COMMENT ON COLUMN runs.failed IS 'Items that failed.';
COMMENT ON COLUMN runs.message IS 'The error or a remark; NULL: none.';

CREATE TABLE images (
    image_id VARCHAR NOT NULL,
    prompt_id VARCHAR NOT NULL,
    model_id VARCHAR NOT NULL,
    settings_id VARCHAR NOT NULL,
    seed BIGINT NOT NULL CHECK (seed >= 0),
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'blocked', 'black', 'failed')),
    error VARCHAR,
    sha256 VARCHAR CHECK (length(sha256) = 64),
    path VARCHAR,
    width INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    seconds DOUBLE CHECK (seconds >= 0),
    created_utc TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (prompt_id, model_id, settings_id, seed),
    CHECK (status <> 'ok' OR (sha256 IS NOT NULL AND path IS NOT NULL)),
    CHECK (status = 'ok' OR error IS NOT NULL)
);
COMMENT ON TABLE images IS 'One generated image, or the reason why there is none.';
COMMENT ON COLUMN images.image_id IS 'Hash of prompt_id, model_id, settings_id and seed: 32 hex digits, as unique as the key.';
COMMENT ON COLUMN images.prompt_id IS 'The prompt.';
COMMENT ON COLUMN images.model_id IS 'The model.';
COMMENT ON COLUMN images.settings_id IS 'The settings.';
COMMENT ON COLUMN images.seed IS 'Seed of the image''s own CPU generator.';
COMMENT ON COLUMN images.status IS 'ok; blocked (safety checker), black (all pixels black) or failed: only ok is measured.';
COMMENT ON COLUMN images.error IS 'Why it is not ok; NULL where it is.';
COMMENT ON COLUMN images.sha256 IS 'SHA-256 of the PNG file, lower-case hex; NULL where there is none.';
COMMENT ON COLUMN images.path IS 'File, relative to the images folder beside the database; NULL where there is none.';
COMMENT ON COLUMN images.width IS 'Width, pixels.';
COMMENT ON COLUMN images.height IS 'Height, pixels.';
COMMENT ON COLUMN images.seconds IS 'Sampling time of its batch divided by the size of the batch, seconds.';
COMMENT ON COLUMN images.created_utc IS 'When the row was written, UTC.';
COMMENT ON COLUMN images.run_id IS 'The run that made it.';

CREATE TABLE encoders (
    encoder_id VARCHAR PRIMARY KEY,
    family VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    weights VARCHAR NOT NULL,
    preprocessing VARCHAR NOT NULL,
    dimensions INTEGER NOT NULL CHECK (dimensions > 0),
    preference UTINYINT NOT NULL,
    first_used_utc TIMESTAMP NOT NULL
);
COMMENT ON TABLE encoders IS 'An image encoder as it was used: weights, revision and preprocessing are fixed by its id.';
COMMENT ON COLUMN encoders.encoder_id IS 'family:name and a hash of weights and preprocessing.';
COMMENT ON COLUMN encoders.family IS 'Which loader runs it: clip, open_clip, timm, efficientnet-lite0.';
COMMENT ON COLUMN encoders.name IS 'Name as the user gives it, e.g. clip:openai/clip-vit-base-patch16.';
COMMENT ON COLUMN encoders.weights IS 'Revision, tag or SHA-256 of the weights.';
COMMENT ON COLUMN encoders.preprocessing IS 'JSON: resize, crop, interpolation, mean, sd, pooling.';
COMMENT ON COLUMN encoders.dimensions IS 'Length of the embedding.';
COMMENT ON COLUMN encoders.preference IS 'Which encoder a query takes that names none, among those that have scored at least nine tenths of what the busiest has: lowest first, then first used. 0 the study''s, 1 others, 2 the packaged one.';
COMMENT ON COLUMN encoders.first_used_utc IS 'When it first scored an image of this file, UTC.';

CREATE TABLE similarities (
    image_id VARCHAR NOT NULL,
    encoder_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'failed')),
    error VARCHAR,
    s FLOAT CHECK (s BETWEEN -1.0001 AND 1.0001),
    best_sha256 VARCHAR,
    reference_set VARCHAR NOT NULL,
    created_utc TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (image_id, encoder_id),
    CHECK ((status = 'ok') = (s IS NOT NULL))
);
COMMENT ON TABLE similarities IS 's of one generated image under one encoder: raw, no threshold applied.';
COMMENT ON COLUMN similarities.image_id IS 'The generated image.';
COMMENT ON COLUMN similarities.encoder_id IS 'The encoder.';
COMMENT ON COLUMN similarities.status IS 'ok, or failed: could not be scored.';
COMMENT ON COLUMN similarities.error IS 'Why it could not be scored; NULL where it was.';
COMMENT ON COLUMN similarities.s IS 'Highest cosine similarity to a reference image of its reference, -1 to 1.';
COMMENT ON COLUMN similarities.best_sha256 IS 'The reference image that gave s.';
COMMENT ON COLUMN similarities.reference_set IS 'Hash of the reference images compared with; where reference_sets has another, the score is stale and planned again.';
COMMENT ON COLUMN similarities.created_utc IS 'When the row was written, UTC.';
COMMENT ON COLUMN similarities.run_id IS 'The run that scored it.';

CREATE TABLE patches (
    image_id VARCHAR NOT NULL,
    encoder_id VARCHAR NOT NULL,
    grid UTINYINT NOT NULL CHECK (grid >= 1),
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'failed')),
    error VARCHAR,
    p FLOAT[],
    best_sha256 VARCHAR[],
    best_patch UTINYINT[],
    entropy FLOAT[],
    reference_set VARCHAR NOT NULL,
    created_utc TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (image_id, encoder_id, grid),
    CHECK ((status = 'ok') = (p IS NOT NULL)),
    CHECK (p IS NULL OR len(p) = grid * grid)
);
COMMENT ON TABLE patches IS 'The patch maxima of one generated image under one encoder: raw, no threshold applied.';
COMMENT ON COLUMN patches.image_id IS 'The generated image.';
COMMENT ON COLUMN patches.encoder_id IS 'The encoder.';
COMMENT ON COLUMN patches.grid IS 'Patches a side: 4 gives K = 16, in row-major order.';
COMMENT ON COLUMN patches.status IS 'ok, or failed: could not be scored.';
COMMENT ON COLUMN patches.error IS 'Why it could not be scored; NULL where it was.';
COMMENT ON COLUMN patches.p IS 'For each patch the highest cosine similarity to any patch of any reference image compared with, -1 to 1.';
COMMENT ON COLUMN patches.best_sha256 IS 'For each patch the reference image that gave it.';
COMMENT ON COLUMN patches.best_patch IS 'For each patch the index of the patch of that image, row-major from 0.';
COMMENT ON COLUMN patches.entropy IS 'For each patch the Shannon entropy of its grey levels, 0 (blank) to 8 bits.';
COMMENT ON COLUMN patches.reference_set IS 'Hash of the reference images compared with, as in similarities.';
COMMENT ON COLUMN patches.created_utc IS 'When the row was written, UTC.';
COMMENT ON COLUMN patches.run_id IS 'The run that scored it.';

CREATE TABLE metric_scores (
    image_id VARCHAR NOT NULL,
    metric_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'failed')),
    error VARCHAR,
    value DOUBLE CHECK (isfinite(value)),
    created_utc TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (image_id, metric_id),
    CHECK ((status = 'ok') = (value IS NOT NULL))
);
COMMENT ON TABLE metric_scores IS 'Any other score of one generated image.';
COMMENT ON COLUMN metric_scores.image_id IS 'The generated image.';
COMMENT ON COLUMN metric_scores.metric_id IS 'Metric, its version and its encoder, if any.';
COMMENT ON COLUMN metric_scores.status IS 'ok, or failed: could not be scored.';
COMMENT ON COLUMN metric_scores.error IS 'Why it could not be scored; NULL where it was.';
COMMENT ON COLUMN metric_scores.value IS 'The score; its range is the metric''s.';
COMMENT ON COLUMN metric_scores.created_utc IS 'When the row was written, UTC.';
COMMENT ON COLUMN metric_scores.run_id IS 'The run that scored it.';

CREATE TABLE annotations (
    image_id VARCHAR NOT NULL,
    annotator VARCHAR NOT NULL,
    recognised BOOLEAN,
    realization VARCHAR CHECK (realization IN ('replication', 'transformation', 'neither')),
    note VARCHAR,
    updated_utc TIMESTAMP NOT NULL,
    PRIMARY KEY (image_id, annotator)
);
COMMENT ON TABLE annotations IS 'A person''s judgement of one generated image.';
COMMENT ON COLUMN annotations.image_id IS 'The generated image.';
COMMENT ON COLUMN annotations.annotator IS 'Who judged.';
COMMENT ON COLUMN annotations.recognised IS 'Does it evoke the reference? NULL: not judged.';
COMMENT ON COLUMN annotations.realization IS 'replication, transformation or neither; NULL: not judged.';
COMMENT ON COLUMN annotations.note IS 'Free text; NULL: none.';
COMMENT ON COLUMN annotations.updated_utc IS 'When the judgement was written, UTC.';

CREATE VIEW reference_sets AS
WITH kept AS (
    SELECT i.qid, i.sha256, i.rank, r.kind, row_number() OVER (PARTITION BY i.qid ORDER BY i.rank, i.sha256) AS nth
    FROM ref_images AS i JOIN refs AS r ON r.qid = i.qid
    WHERE i.duplicate_of IS NULL
)
SELECT
    qid,
    list(sha256 ORDER BY rank, sha256) AS sha256s,
    md5(string_agg(sha256, ',' ORDER BY rank, sha256)) AS reference_set
FROM kept
WHERE kind = 'dynamic' OR nth = 1
GROUP BY qid;
COMMENT ON VIEW reference_sets IS 'The reference images that a reference is scored against: the first for static ones, all that are kept for dynamic ones.';
COMMENT ON COLUMN reference_sets.qid IS 'The reference.';
COMMENT ON COLUMN reference_sets.sha256s IS 'Its reference images, in order.';
COMMENT ON COLUMN reference_sets.reference_set IS 'Hash of that list.';
