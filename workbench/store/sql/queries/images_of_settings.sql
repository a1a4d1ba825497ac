-- purpose: The images of some settings, whatever became of them.
-- params: settings_id
-- returns: GeneratedImage
SELECT * FROM images WHERE settings_id = $settings_id;
