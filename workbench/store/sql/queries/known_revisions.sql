-- purpose: The weights of each model, those of earlier images too; of models made elsewhere nothing is known.
-- returns: KnownRevision
SELECT model_id, revision FROM models WHERE revision IS NOT NULL
UNION
SELECT model_id, revision FROM settings WHERE revision IS NOT NULL
ORDER BY model_id, revision;
