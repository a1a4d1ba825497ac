-- purpose: Add covariates that are not there yet.
-- returns: nothing
INSERT OR IGNORE INTO covariates BY NAME SELECT * FROM incoming;
