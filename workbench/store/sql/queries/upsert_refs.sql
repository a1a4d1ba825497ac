-- purpose: Add references, or correct those that have changed; what the source does not say is kept.
-- returns: nothing
INSERT INTO refs BY NAME SELECT * FROM incoming
ON CONFLICT (qid) DO UPDATE SET
    label = excluded.label,
    kind = excluded.kind,
    type = coalesce(excluded.type, refs.type),
    creators = CASE WHEN len(excluded.creators) > 0 THEN excluded.creators ELSE refs.creators END,
    creation_date = coalesce(excluded.creation_date, refs.creation_date),
    creation_year = coalesce(excluded.creation_year, refs.creation_year),
    creation_precision = coalesce(excluded.creation_precision, refs.creation_precision),
    creation_calendar = coalesce(excluded.creation_calendar, refs.creation_calendar),
    description = coalesce(excluded.description, refs.description),
    image_file = coalesce(excluded.image_file, refs.image_file),
    source = excluded.source,
    run_id = excluded.run_id
WHERE (excluded.label, excluded.kind) IS DISTINCT FROM (refs.label, refs.kind)
    OR coalesce(excluded.type, refs.type) IS DISTINCT FROM refs.type
    OR (len(excluded.creators) > 0 AND excluded.creators IS DISTINCT FROM refs.creators)
    OR coalesce(excluded.creation_date, refs.creation_date) IS DISTINCT FROM refs.creation_date
    OR coalesce(excluded.creation_precision, refs.creation_precision) IS DISTINCT FROM refs.creation_precision
    OR coalesce(excluded.description, refs.description) IS DISTINCT FROM refs.description
    OR coalesce(excluded.image_file, refs.image_file) IS DISTINCT FROM refs.image_file;
