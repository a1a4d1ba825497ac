-- Which process a run is, and which weights a model. A run whose process is gone ends as killed; its table is made
-- anew, because DuckDB cannot change the check of a column.

CREATE TEMP TABLE kept_runs AS FROM runs;
DROP TABLE runs;
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
    process VARCHAR,
    started_utc TIMESTAMP NOT NULL,
    updated_utc TIMESTAMP NOT NULL,
    ended_utc TIMESTAMP,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('running', 'done', 'some failed', 'failed', 'interrupted', 'killed')),
    planned BIGINT NOT NULL CHECK (planned >= 0),
    done BIGINT NOT NULL CHECK (done >= 0),
    failed BIGINT NOT NULL CHECK (failed >= 0),
    message VARCHAR,
    settings_id VARCHAR
);
INSERT INTO runs BY NAME SELECT * FROM kept_runs;
DROP TABLE kept_runs;

COMMENT ON TABLE runs IS 'One invocation of a command that writes.';
COMMENT ON COLUMN runs.run_id IS 'Start time and a random part: sorts by time.';
COMMENT ON COLUMN runs.command IS 'The command: ingest, generate, import, score, …';
COMMENT ON COLUMN runs.arguments IS 'JSON: its arguments.';
COMMENT ON COLUMN runs.versions IS 'JSON: version of the workbench, of Python and of the libraries that made the result.';
COMMENT ON COLUMN runs.git_commit IS 'Commit of the workbench where it runs from a checkout; NULL: installed.';
COMMENT ON COLUMN runs.git_dirty IS 'true where that checkout had changes.';
COMMENT ON COLUMN runs.device IS 'Device that computed, e.g. cpu, cuda: NVIDIA H100; NULL: none.';
COMMENT ON COLUMN runs.host IS 'Host name.';
COMMENT ON COLUMN runs.pid IS 'Process id on that host.';
COMMENT ON COLUMN runs.process IS 'Boot, namespace and start of that process, which tell it from a later one of the same id; NULL: unknown, or older than this column.';
COMMENT ON COLUMN runs.started_utc IS 'Start, UTC.';
COMMENT ON COLUMN runs.updated_utc IS 'Last sign of life, UTC.';
COMMENT ON COLUMN runs.ended_utc IS 'End, UTC; NULL: running, or killed.';
COMMENT ON COLUMN runs.outcome IS 'running, done, some failed, failed, interrupted or killed. A killed run stays running until the next command looks, and for ever if it ran on a host that none looks from.';
COMMENT ON COLUMN runs.planned IS 'Items planned.';
COMMENT ON COLUMN runs.done IS 'Items written with success.';
COMMENT ON COLUMN runs.failed IS 'Items that failed.';
COMMENT ON COLUMN runs.message IS 'The error or a remark; NULL: none.';
COMMENT ON COLUMN runs.settings_id IS 'Settings of the images that a generate or import run adds; NULL: none or several, or older than this column.';

COMMENT ON COLUMN models.model_id IS 'Short name: the key of the models table that ships, the name of a local folder (and a part of its hash, where the name is that of other weights), or what wb import was told.';
COMMENT ON COLUMN models.hub_id IS 'Repository on the model hub, or where the local folder was last; NULL: unknown, all pictures were made elsewhere.';
