-- purpose: Every reference with the covariates that it is filtered by.
-- returns: frame
WITH
-- include: facts
SELECT
    r.qid, r.label, r.kind, r.type, r.creators, r.creation_year, r.creation_precision, r.creation_circa,
    f.popularity, f.training_frequency, f.textual_uniqueness
FROM refs AS r LEFT JOIN facts AS f ON f.qid = r.qid;
