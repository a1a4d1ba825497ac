-- purpose: References per kind, and how many of them have reference images, a date and covariates.
-- returns: frame
WITH pictured AS (
    SELECT qid, count(*) AS files, count(duplicate_of) AS duplicates FROM ref_images GROUP BY qid
)
SELECT
    r.kind, count(*) AS refs, count(p.qid) AS with_image, coalesce(sum(p.files), 0)::BIGINT AS files,
    coalesce(sum(p.duplicates), 0)::BIGINT AS duplicates, count(r.creation_year) AS dated,
    min(r.creation_year) AS earliest, max(r.creation_year) AS latest
FROM refs AS r
LEFT JOIN pictured AS p ON p.qid = r.qid
GROUP BY r.kind
ORDER BY r.kind DESC;
