-- purpose: The reference images of some references, in order.
-- params: qids (NULL: all)
-- returns: ReferenceImage
SELECT * FROM ref_images
WHERE $qids IS NULL OR list_contains($qids, qid)
ORDER BY qid, rank, sha256;
