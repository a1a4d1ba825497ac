-- purpose: Add labels, or correct those that have changed.
-- returns: nothing
INSERT INTO reference_labels BY NAME SELECT * FROM incoming
ON CONFLICT (qid, language) DO UPDATE SET
    label = excluded.label,
    description = excluded.description,
    aliases = excluded.aliases
WHERE (excluded.label, excluded.description, excluded.aliases)
    IS DISTINCT FROM (reference_labels.label, reference_labels.description, reference_labels.aliases);
