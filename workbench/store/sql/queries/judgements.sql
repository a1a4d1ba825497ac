-- purpose: Every person's judgement of an image of an active prompt.
-- params: models, perturbations (lists; NULL: all)
-- returns: frame
SELECT a.image_id, p.qid, r.kind, a.annotator, a.recognised, a.realization
FROM annotations AS a
JOIN images AS i ON i.image_id = a.image_id
JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active
JOIN refs AS r ON r.qid = p.qid
WHERE ($models IS NULL OR list_contains($models, i.model_id))
    AND ($perturbations IS NULL OR list_contains($perturbations, p.perturbation))
ORDER BY a.image_id, a.annotator;
