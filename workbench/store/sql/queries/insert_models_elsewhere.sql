-- purpose: Register a model of which only the name is known, unless more is known already.
-- params: model_id
-- returns: nothing
INSERT OR IGNORE INTO models (model_id, family, gated) VALUES ($model_id, 'elsewhere', false);
