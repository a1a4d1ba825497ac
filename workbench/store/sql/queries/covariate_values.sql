-- purpose: Every covariate of every reference, the year of its creation among them: what regressions take in beside ref_scores.
-- returns: frame
SELECT qid, name AS covariate, method, value FROM covariates
UNION ALL
SELECT qid, 'creation_date', 'year', creation_year::DOUBLE FROM refs WHERE creation_year IS NOT NULL
ORDER BY covariate, method, qid;
