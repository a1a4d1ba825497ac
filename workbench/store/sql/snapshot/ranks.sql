-- purpose: Of every cell, its place by label (whatever its case and accents), by model and by perturbation, in order of cell.
-- returns: frame
SELECT
    dense_rank() OVER (ORDER BY strip_accents(lower(r.label)), r.qid) AS label,
    dense_rank() OVER (ORDER BY c.model_id) AS model_id, dense_rank() OVER (ORDER BY c.perturbation) AS perturbation
FROM cells AS c JOIN refs AS r ON r.qid = c.qid
ORDER BY c.cell;
