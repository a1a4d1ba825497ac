-- purpose: Every covariate of every reference, the creation date among them, as correlation_input() takes them in.
-- returns: frame
SELECT qid, name AS covariate, method, value FROM covariates
UNION ALL
SELECT qid, 'creation_date', 'year', creation_year::DOUBLE FROM refs WHERE creation_year IS NOT NULL;
