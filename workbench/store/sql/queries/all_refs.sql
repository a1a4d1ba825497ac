-- purpose: Every reference.
-- returns: Reference
SELECT * FROM refs ORDER BY qid;
