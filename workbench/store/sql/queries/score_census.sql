-- purpose: How many generated images there are per model, and how many of them have nothing to be compared with.
-- returns: ScoreCensus
SELECT
    i.model_id,
    count(*) AS n_images,
    count(*) FILTER (WHERE s.qid IS NULL) AS n_unscorable,
    count(DISTINCT p.qid) FILTER (WHERE s.qid IS NULL) AS n_unscorable_refs
FROM images AS i
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
LEFT JOIN reference_sets AS s ON s.qid = p.qid
WHERE i.status = 'ok'
GROUP BY i.model_id
ORDER BY i.model_id;
