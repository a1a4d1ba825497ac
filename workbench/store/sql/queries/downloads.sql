-- purpose: Every picture that was asked for, and what came of it.
-- returns: Download
SELECT * FROM downloads ORDER BY qid, source;
