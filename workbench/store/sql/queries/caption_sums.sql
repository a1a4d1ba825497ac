-- purpose: Counts of captions summed over files.
-- params: file_ids, measure
-- returns: CaptionSum
SELECT
    c.qid,
    count(*) AS files,
    sum(f.captions)::BIGINT AS captions,
    sum(c.matches)::BIGINT AS matches,
    sum(c.corroborated)::BIGINT AS corroborated
FROM caption_counts AS c
JOIN caption_files AS f ON f.file_id = c.file_id
WHERE c.measure = $measure AND list_contains($file_ids, c.file_id)
GROUP BY c.qid
ORDER BY c.qid;
