-- purpose: What a person sees of an image that they label: what it was asked for, and nothing of how it was made.
-- params: image_id
-- returns: LabelItem
SELECT i.image_id, i.path, r.qid, r.label, r.kind, r.type, r.creators, r.creation_year, r.creation_precision, r.creation_circa
FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id JOIN refs AS r ON r.qid = p.qid
WHERE i.image_id = $image_id;
