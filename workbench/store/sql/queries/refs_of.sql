-- purpose: Some references.
-- params: qids
-- returns: Reference
SELECT * FROM refs WHERE list_contains($qids, qid) ORDER BY qid;
