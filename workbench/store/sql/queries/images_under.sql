-- purpose: The images under some settings, whatever became of them.
-- params: settings_ids
-- returns: GeneratedImage
SELECT * FROM images WHERE list_contains($settings_ids, settings_id);
