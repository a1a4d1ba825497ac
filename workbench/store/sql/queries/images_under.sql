-- purpose: The images that there are under some settings.
-- params: settings_ids
-- returns: ImageThere
SELECT prompt_id, settings_id, seed, status, sha256, path
FROM images
WHERE list_contains($settings_ids, settings_id)
ORDER BY prompt_id, settings_id, seed;
