-- purpose: The images to label of the rows that pass (registered as passing), in an order that follows from the annotator alone.
-- params: annotator
-- returns: frame
SELECT i.image_id
FROM images AS i JOIN passing AS p ON p.cell = i.cell
WHERE i.ok
ORDER BY md5(i.image_id || $annotator), i.image_id;
