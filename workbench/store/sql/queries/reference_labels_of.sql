-- purpose: What references are called in some languages.
-- params: qids (NULL: all), languages (codes; NULL: all)
-- returns: ReferenceLabel
SELECT * FROM reference_labels
WHERE ($qids IS NULL OR list_contains($qids, qid)) AND ($languages IS NULL OR list_contains($languages, language))
ORDER BY qid, language;
