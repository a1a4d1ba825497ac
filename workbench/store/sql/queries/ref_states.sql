-- purpose: The references whose items were redirected or deleted.
-- returns: ReferenceState
SELECT * FROM ref_states ORDER BY qid;
