-- Which rows pass by what people said of one of their images: of scores s.
    AND ($annotations IS NULL
        OR (s.qid, s.model_id, s.settings_id, s.perturbation) IN (
            SELECT (p.qid, i.model_id, i.settings_id, p.perturbation)
            FROM images AS i
            JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
            LEFT JOIN annotations AS a ON a.image_id = i.image_id
            WHERE list_has_any($annotations, [
                CASE WHEN a.image_id IS NULL THEN 'not labelled' END,
                CASE WHEN a.recognised THEN 'recognised' WHEN NOT a.recognised THEN 'not recognised' END,
                a.realization
            ])
        ))
