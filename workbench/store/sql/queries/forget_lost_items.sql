-- purpose: Items that are there again are lost no longer.
-- params: qids
-- returns: nothing
DELETE FROM lost_items WHERE list_contains($qids, qid);
