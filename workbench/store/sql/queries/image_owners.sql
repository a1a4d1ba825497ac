-- purpose: Which reference each of these images was asked for; a file that several prompts gave is an image of each.
-- params: images (image_ids, or files relative to the images folder; NULL: all)
-- returns: ImageOwner
SELECT i.image_id, i.path, p.qid
FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
WHERE i.status = 'ok' AND ($images IS NULL OR list_contains($images, i.image_id) OR list_contains($images, i.path))
ORDER BY i.image_id;
