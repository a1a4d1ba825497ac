-- purpose: Add references, or correct those that have changed; what the source does not say is kept.
-- A date is taken whole or not at all: value, year, precision, calendar and circa of two sources make no date. So are image files.
-- returns: nothing
INSERT INTO refs BY NAME SELECT * FROM incoming
ON CONFLICT (qid) DO UPDATE SET
    label = excluded.label,
    kind = excluded.kind,
    type = coalesce(excluded.type, refs.type),
    creators = CASE WHEN len(excluded.creators) > 0 THEN excluded.creators ELSE refs.creators END,
    creation_date = CASE
        WHEN excluded.creation_date IS NULL AND excluded.creation_year IS NULL THEN refs.creation_date
        ELSE excluded.creation_date END,
    creation_year = CASE
        WHEN excluded.creation_date IS NULL AND excluded.creation_year IS NULL THEN refs.creation_year
        ELSE excluded.creation_year END,
    creation_precision = CASE
        WHEN excluded.creation_date IS NULL AND excluded.creation_year IS NULL THEN refs.creation_precision
        ELSE excluded.creation_precision END,
    creation_calendar = CASE
        WHEN excluded.creation_date IS NULL AND excluded.creation_year IS NULL THEN refs.creation_calendar
        ELSE excluded.creation_calendar END,
    creation_circa = CASE
        WHEN excluded.creation_date IS NULL AND excluded.creation_year IS NULL THEN refs.creation_circa
        ELSE excluded.creation_circa END,
    description = coalesce(excluded.description, refs.description),
    image_file = coalesce(excluded.image_file, refs.image_file),
    more_image_files = CASE
        WHEN excluded.image_file IS NULL THEN refs.more_image_files ELSE excluded.more_image_files END,
    source = excluded.source,
    run_id = excluded.run_id
WHERE (excluded.label, excluded.kind) IS DISTINCT FROM (refs.label, refs.kind)
    OR coalesce(excluded.type, refs.type) IS DISTINCT FROM refs.type
    OR (len(excluded.creators) > 0 AND excluded.creators IS DISTINCT FROM refs.creators)
    OR (
        (excluded.creation_date IS NOT NULL OR excluded.creation_year IS NOT NULL)
        AND (
            excluded.creation_date IS DISTINCT FROM refs.creation_date
            OR excluded.creation_year IS DISTINCT FROM refs.creation_year
            OR excluded.creation_precision IS DISTINCT FROM refs.creation_precision
            OR excluded.creation_calendar IS DISTINCT FROM refs.creation_calendar
            OR excluded.creation_circa IS DISTINCT FROM refs.creation_circa
        )
    )
    OR coalesce(excluded.description, refs.description) IS DISTINCT FROM refs.description
    OR (
        excluded.image_file IS NOT NULL
        AND (excluded.image_file, excluded.more_image_files) IS DISTINCT FROM (refs.image_file, refs.more_image_files)
    );
