-- purpose: Remove the names that the references of incoming no longer have.
-- returns: nothing
DELETE FROM ref_names
WHERE qid IN (SELECT qid FROM incoming)
    AND (qid, language, role, name) NOT IN (SELECT (qid, language, role, name) FROM incoming);
