-- purpose: Settings by their id.
-- params: settings_id
-- returns: KnownSettings
SELECT * FROM settings WHERE settings_id = $settings_id;
