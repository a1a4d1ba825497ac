-- purpose: Add covariates, or correct those whose value has changed.
-- returns: nothing
INSERT INTO covariates BY NAME SELECT * FROM incoming
ON CONFLICT (qid, name, method) DO UPDATE SET
    value = excluded.value,
    unit = excluded.unit,
    as_of = excluded.as_of,
    provenance = excluded.provenance,
    run_id = excluded.run_id
WHERE excluded.value IS DISTINCT FROM covariates.value OR excluded.as_of IS DISTINCT FROM covariates.as_of;
