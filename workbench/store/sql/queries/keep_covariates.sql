-- purpose: Keep covariates that incoming is about to change.
-- returns: nothing
INSERT INTO covariate_history BY NAME
SELECT c.*, i.run_id AS replaced_by
FROM covariates AS c JOIN incoming AS i USING (qid, name, method)
WHERE i.value IS DISTINCT FROM c.value OR i.as_of IS DISTINCT FROM c.as_of
ON CONFLICT DO NOTHING;
