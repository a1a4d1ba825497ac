-- purpose: Images that most annotators call a replication, or a transformation; those they are split over are left out.
-- returns: LabelledImage
SELECT a.image_id, p.qid, avg((a.realization = 'replication')::INTEGER) > 0.5 AS replication
FROM annotations AS a
JOIN images AS i ON i.image_id = a.image_id
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
WHERE a.realization IN ('replication', 'transformation')
GROUP BY a.image_id, p.qid
HAVING avg((a.realization = 'replication')::INTEGER) <> 0.5
ORDER BY p.qid, a.image_id;
