-- purpose: The images of each dynamic reference in their order, with their perceptual hashes.
-- returns: HashedImage
SELECT i.qid, i.sha256, i.phash, i.duplicate_of IS NULL AS kept
FROM ref_images AS i JOIN refs AS r ON r.qid = i.qid
WHERE r.kind = 'dynamic'
ORDER BY i.qid, i.rank, i.sha256;
