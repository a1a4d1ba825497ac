-- purpose: Take back what a person said of an image.
-- params: image_id, annotator
-- returns: nothing
DELETE FROM annotations WHERE image_id = $image_id AND annotator = $annotator;
