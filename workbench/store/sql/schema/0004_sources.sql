-- What sources said and when: values before a refresh, downloads, caption counts.

CREATE TABLE covariate_history (
    qid VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    value DOUBLE NOT NULL CHECK (isfinite(value)),
    unit VARCHAR NOT NULL,
    as_of DATE,
    provenance VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    replaced_by VARCHAR NOT NULL,
    PRIMARY KEY (qid, name, method, replaced_by)
);
COMMENT ON TABLE covariate_history IS 'What a covariate was before a later run changed it; the value that holds now is in covariates.';
COMMENT ON COLUMN covariate_history.qid IS 'The reference measured.';
COMMENT ON COLUMN covariate_history.name IS 'What was measured, as in covariates.';
COMMENT ON COLUMN covariate_history.method IS 'How, as in covariates.';
COMMENT ON COLUMN covariate_history.value IS 'The value, in unit.';
COMMENT ON COLUMN covariate_history.unit IS 'Unit of value.';
COMMENT ON COLUMN covariate_history.as_of IS 'Day for which the value held; NULL: the source did not say.';
COMMENT ON COLUMN covariate_history.provenance IS 'File or service that the value came from.';
COMMENT ON COLUMN covariate_history.run_id IS 'The run that wrote the value.';
COMMENT ON COLUMN covariate_history.replaced_by IS 'The run that replaced it.';

CREATE TABLE downloads (
    qid VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'refused', 'failed')),
    reason VARCHAR,
    sha256 VARCHAR CHECK (length(sha256) = 64),
    page_url VARCHAR,
    credit VARCHAR,
    licence_url VARCHAR,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (qid, source),
    CHECK ((status = 'ok') = (sha256 IS NOT NULL)),
    CHECK ((status = 'ok') = (reason IS NULL))
);
COMMENT ON TABLE downloads IS 'A picture of a reference that was asked for over the network, and what came of it.';
COMMENT ON COLUMN downloads.qid IS 'The reference shown.';
COMMENT ON COLUMN downloads.source IS 'What was asked for: commons:FILE@WIDTH, or a URL.';
COMMENT ON COLUMN downloads.status IS 'ok; refused (never a picture that can be used: not asked again unless told) or failed (asked again by the next run).';
COMMENT ON COLUMN downloads.reason IS 'Why it is not ok; NULL where it is.';
COMMENT ON COLUMN downloads.sha256 IS 'The picture, as in ref_images; NULL where there is none.';
COMMENT ON COLUMN downloads.page_url IS 'Page that describes the picture; NULL: none is known.';
COMMENT ON COLUMN downloads.credit IS 'Credit line as the source states it; NULL: none.';
COMMENT ON COLUMN downloads.licence_url IS 'Text of the licence; NULL: unknown.';
COMMENT ON COLUMN downloads.run_id IS 'The run that wrote the row last.';

CREATE TABLE caption_files (
    file_id VARCHAR PRIMARY KEY,
    path VARCHAR NOT NULL,
    text_column VARCHAR NOT NULL,
    captions BIGINT NOT NULL CHECK (captions >= 0),
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE caption_files IS 'A file of captions that was counted, whole.';
COMMENT ON COLUMN caption_files.file_id IS 'Hash of its size, its first and last 64 KiB, and the column: 32 hex digits.';
COMMENT ON COLUMN caption_files.path IS 'Where it lay when it was counted first.';
COMMENT ON COLUMN caption_files.text_column IS 'Column or key that holds the captions.';
COMMENT ON COLUMN caption_files.captions IS 'Captions in it that are not empty.';
COMMENT ON COLUMN caption_files.run_id IS 'The run that counted it first.';

CREATE TABLE caption_counts (
    file_id VARCHAR NOT NULL,
    qid VARCHAR NOT NULL,
    measure VARCHAR NOT NULL CHECK (measure IN ('title', 'ngrams')),
    wording VARCHAR NOT NULL,
    matches BIGINT NOT NULL CHECK (matches >= 0),
    corroborated BIGINT NOT NULL CHECK (corroborated BETWEEN 0 AND matches),
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (file_id, qid, measure)
);
COMMENT ON TABLE caption_counts IS 'How many captions of one file mention a reference; covariates hold the sums.';
COMMENT ON COLUMN caption_counts.file_id IS 'The file.';
COMMENT ON COLUMN caption_counts.qid IS 'The reference.';
COMMENT ON COLUMN caption_counts.measure IS 'title: its label; ngrams: each pair of neighbouring words of its label (or its only word), summed.';
COMMENT ON COLUMN caption_counts.wording IS 'Hash of the texts looked for: a count of other texts is counted anew.';
COMMENT ON COLUMN caption_counts.matches IS 'Captions that hold the text as whole words, case and accents apart.';
COMMENT ON COLUMN caption_counts.corroborated IS 'Captions among them that also hold a name of a creator or a word of the type of work.';
COMMENT ON COLUMN caption_counts.run_id IS 'The run that counted.';
