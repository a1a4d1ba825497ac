-- purpose: What people said of images: a row for each person and statement.
-- returns: frame
SELECT image_id, annotator, unnest(list_filter(
    [CASE WHEN recognised THEN 'recognised' WHEN NOT recognised THEN 'not recognised' END, realization],
    lambda x: x IS NOT NULL
)) AS label
FROM annotations;
