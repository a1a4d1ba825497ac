-- purpose: A covariate of every reference, by one method.
-- params: name, method
-- returns: Covariate
SELECT * FROM covariates WHERE name = $name AND method = $method ORDER BY qid;
