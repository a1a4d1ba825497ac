-- purpose: Register settings of which nothing is known but what a person said.
-- params: settings_id, model_id, extra
-- returns: nothing
INSERT OR IGNORE INTO settings (settings_id, model_id, extra) VALUES ($settings_id, $model_id, $extra);
