-- purpose: Forget that items were redirected or deleted: they are back.
-- params: qids
-- returns: nothing
DELETE FROM ref_states WHERE qid IN (SELECT unnest($qids::VARCHAR[]));
