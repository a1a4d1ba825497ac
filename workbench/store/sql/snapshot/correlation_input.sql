-- purpose: What query correlation_input gives of the file, of the rows of ref_scores that pass (registered as passing).
-- returns: frame
SELECT
    p.qid, p.kind, p.model_id, p.settings_id, p.perturbation, v.covariate, v.method, v.value,
    p.mean_s, p.cra, p.vi, p.crt
FROM passing AS p JOIN covariates AS v ON v.qid = p.qid
WHERE p.cell IS NOT NULL
ORDER BY v.covariate, v.method, p.model_id, p.settings_id, p.perturbation, p.qid;
