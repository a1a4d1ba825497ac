-- purpose: Drop labels that references no longer have: those of these references and languages that are not in incoming.
-- params: qids, languages
-- returns: nothing
DELETE FROM reference_labels
WHERE list_contains($qids, qid) AND list_contains($languages, language)
    AND (qid, language) NOT IN (SELECT (qid, language) FROM incoming);
