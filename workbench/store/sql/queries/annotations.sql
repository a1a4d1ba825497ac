-- purpose: Every judgement of every person.
-- returns: Annotation
SELECT * FROM annotations ORDER BY updated_utc, image_id, annotator;
