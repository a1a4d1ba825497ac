-- What an endpoint says of references beside their facts: labels in many languages, its raw answers, items that are gone.

CREATE TABLE reference_labels (
    qid VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    label VARCHAR NOT NULL CHECK (trim(label) <> ''),
    description VARCHAR,
    aliases VARCHAR[] NOT NULL,
    PRIMARY KEY (qid, language)
);
COMMENT ON TABLE reference_labels IS 'What a reference is called in one language.';
COMMENT ON COLUMN reference_labels.qid IS 'The reference.';
COMMENT ON COLUMN reference_labels.language IS 'Code of the language, e.g. fr, zh-hant; mul: the label for all languages that have none of their own.';
COMMENT ON COLUMN reference_labels.label IS 'Its name in that language.';
COMMENT ON COLUMN reference_labels.description IS 'Short description in that language; NULL: none.';
COMMENT ON COLUMN reference_labels.aliases IS 'Other names in that language, in alphabetical order; [] where there are none.';

CREATE TABLE endpoint_answers (
    answer_id VARCHAR PRIMARY KEY,
    endpoint VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    query VARCHAR NOT NULL,
    answer BLOB NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    result_rows BIGINT NOT NULL CHECK (result_rows >= 0),
    first_utc TIMESTAMP NOT NULL,
    last_utc TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE endpoint_answers IS 'What a SPARQL endpoint was asked and what it answered, verbatim: one row per batch.';
COMMENT ON COLUMN endpoint_answers.answer_id IS 'Hash of endpoint, query and result rows: 32 hex digits. The same answer to the same query is one row.';
COMMENT ON COLUMN endpoint_answers.endpoint IS 'URL that was asked.';
COMMENT ON COLUMN endpoint_answers.question IS 'Query file that was asked: items, facts, labels, work_class.';
COMMENT ON COLUMN endpoint_answers.query IS 'SPARQL text as it was sent.';
COMMENT ON COLUMN endpoint_answers.answer IS 'Body of the answer as it came (SPARQL 1.1 JSON), compressed by gzip.';
COMMENT ON COLUMN endpoint_answers.size IS 'Bytes of the body before compression.';
COMMENT ON COLUMN endpoint_answers.result_rows IS 'Result rows in it.';
COMMENT ON COLUMN endpoint_answers.first_utc IS 'When it came first, UTC.';
COMMENT ON COLUMN endpoint_answers.last_utc IS 'When it came last, UTC.';
COMMENT ON COLUMN endpoint_answers.run_id IS 'The run that it came to first.';

CREATE TABLE lost_items (
    qid VARCHAR PRIMARY KEY,
    state VARCHAR NOT NULL CHECK (state IN ('redirected', 'deleted')),
    target VARCHAR,
    endpoint VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    CHECK ((state = 'redirected') = (target IS NOT NULL))
);
COMMENT ON TABLE lost_items IS 'References whose Wikidata item is no longer what it was; they keep all that was known of them.';
COMMENT ON COLUMN lost_items.qid IS 'The reference.';
COMMENT ON COLUMN lost_items.state IS 'redirected: merged into target; deleted: the endpoint states nothing of it any more.';
COMMENT ON COLUMN lost_items.target IS 'Item that it redirects to; NULL where it is deleted.';
COMMENT ON COLUMN lost_items.endpoint IS 'The endpoint that says so, as it was named.';
COMMENT ON COLUMN lost_items.run_id IS 'The run that noticed it.';
