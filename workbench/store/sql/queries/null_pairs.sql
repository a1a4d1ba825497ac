-- purpose: Every current null comparison: an image, the reference that it was asked for, the other one, and s or the sixteen p against that.
-- returns: frame
WITH owned AS (SELECT i.image_id, p.qid FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id)
SELECT 'tau_' || r.kind AS threshold, n.encoder_id, n.image_id, o.qid AS own, n.qid AS other, [n.s] AS found
FROM null_similarities AS n
JOIN owned AS o ON o.image_id = n.image_id
JOIN refs AS r ON r.qid = n.qid
JOIN reference_sets AS f ON f.qid = n.qid AND f.reference_set = n.reference_set
UNION ALL
SELECT 'tau_reuse', n.encoder_id, n.image_id, o.qid, n.qid, n.p
FROM null_patches AS n
JOIN owned AS o ON o.image_id = n.image_id
JOIN reference_sets AS f ON f.qid = n.qid AND f.reference_set = n.reference_set
WHERE n.grid = 4
ORDER BY ALL;
