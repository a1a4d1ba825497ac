-- Pictures that other programs made: of their model only the name is known, of their settings nothing.

ALTER TABLE models ALTER COLUMN hub_id DROP NOT NULL;
ALTER TABLE models ALTER COLUMN revision DROP NOT NULL;
ALTER TABLE models ALTER COLUMN pipeline DROP NOT NULL;
COMMENT ON COLUMN models.model_id IS 'Short name: the key of the models table that ships, the name of a local folder, or what wb import was told.';
COMMENT ON COLUMN models.hub_id IS 'Repository on the model hub, or the local folder; NULL: unknown, all pictures were made elsewhere.';
COMMENT ON COLUMN models.revision IS 'Commit on the hub, or sha256:… over the files of a local folder; NULL: unknown.';
COMMENT ON COLUMN models.family IS 'Which loader runs it: sd, sdxl, sd3, flux, pixart, auto; elsewhere: none here, its pictures were imported.';
COMMENT ON COLUMN models.pipeline IS 'Pipeline class, e.g. StableDiffusionPipeline; NULL: unknown.';

ALTER TABLE settings ALTER COLUMN revision DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN steps DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN guidance DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN width DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN height DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN dtype DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN scheduler DROP NOT NULL;
ALTER TABLE settings ALTER COLUMN negative_prompt DROP NOT NULL;
COMMENT ON TABLE settings IS 'Everything besides prompt and seed that determines an image; of pictures that were made elsewhere it is unknown, and NULL.';
COMMENT ON COLUMN settings.settings_id IS 'Hash of the other columns: 16 hex digits.';
COMMENT ON COLUMN settings.revision IS 'Its revision, as in models; NULL: unknown.';
COMMENT ON COLUMN settings.steps IS 'Denoising steps; NULL: unknown.';
COMMENT ON COLUMN settings.guidance IS 'Classifier-free guidance scale; NULL: unknown.';
COMMENT ON COLUMN settings.width IS 'Width asked for, pixels; NULL: unknown.';
COMMENT ON COLUMN settings.height IS 'Height asked for, pixels; NULL: unknown.';
COMMENT ON COLUMN settings.dtype IS 'Number format of the weights: float32, float16, bfloat16; NULL: unknown.';
COMMENT ON COLUMN settings.scheduler IS 'Scheduler class; NULL: unknown.';
COMMENT ON COLUMN settings.negative_prompt IS 'Negative prompt; empty: none; NULL: unknown.';
COMMENT ON COLUMN settings.extra IS 'JSON: further arguments of the pipeline call, e.g. max_sequence_length; of pictures made elsewhere {"made": "elsewhere"} and, under settings, what wb import was told.';

COMMENT ON COLUMN images.seed IS 'Seed of the image''s own CPU generator; of a picture made elsewhere the number in its name, or what its list says.';
COMMENT ON COLUMN images.sha256 IS 'SHA-256 of the file, lower-case hex; NULL where there is none.';
COMMENT ON COLUMN images.seconds IS 'Sampling time of its batch divided by the size of the batch, seconds; NULL: unknown.';
COMMENT ON COLUMN images.run_id IS 'The run that made or imported it.';
COMMENT ON COLUMN runs.command IS 'The command: ingest, generate, import, score, …';
COMMENT ON COLUMN runs.settings_id IS 'Settings of the images that a generate or import run adds; NULL: none or several, or older than this column.';
