-- purpose: Every active prompt with what a condition may ask about it and its reference.
-- returns: frame
SELECT
    p.prompt_id,
    p.qid,
    p.perturbation,
    p.variant,
    p.method,
    p.text,
    r.label,
    r.kind,
    r.type,
    r.creators,
    r.creation_year,
    r.creation_circa,
    r.description,
    (SELECT max(value) FROM covariates AS c WHERE c.qid = p.qid AND c.name = 'popularity' AND c.method = 'sitelinks') AS sitelinks,
    (SELECT count(*) FROM ref_images AS i WHERE i.qid = p.qid AND i.duplicate_of IS NULL) AS reference_images
FROM prompts AS p
JOIN refs AS r ON r.qid = p.qid
WHERE p.active;
