-- purpose: The names of some references.
-- params: qids (NULL: all), role (label, alias or article; NULL: all)
-- returns: ReferenceName
SELECT * FROM ref_names
WHERE ($qids IS NULL OR list_contains($qids, qid)) AND ($role IS NULL OR role = $role)
ORDER BY qid, language, role, name;
