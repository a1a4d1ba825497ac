-- purpose: Number of every image of the rows of ref_scores that pass (registered as passing), sorted, whether it is recognised, and how many of its patches are reused.
-- params: tau_static, tau_dynamic, tau_reuse, sort (a column; NULL: as they are numbered), sign (1: ascending, -1: descending), grouped (model_id or perturbation: those alike stay together; NULL: they do not)
-- returns: frame
WITH measured AS (
    SELECT
        i.rowid::INTEGER AS number, i.cell, i.seed, i.variant, i.s,
        i.s >= (CASE WHEN i.static THEN $tau_static ELSE $tau_dynamic END)::FLOAT AS recognised,
        (p0 >= $tau_reuse::FLOAT)::UTINYINT + (p1 >= $tau_reuse::FLOAT)::UTINYINT + (p2 >= $tau_reuse::FLOAT)::UTINYINT +
        (p3 >= $tau_reuse::FLOAT)::UTINYINT + (p4 >= $tau_reuse::FLOAT)::UTINYINT + (p5 >= $tau_reuse::FLOAT)::UTINYINT +
        (p6 >= $tau_reuse::FLOAT)::UTINYINT + (p7 >= $tau_reuse::FLOAT)::UTINYINT + (p8 >= $tau_reuse::FLOAT)::UTINYINT +
        (p9 >= $tau_reuse::FLOAT)::UTINYINT + (p10 >= $tau_reuse::FLOAT)::UTINYINT + (p11 >= $tau_reuse::FLOAT)::UTINYINT +
        (p12 >= $tau_reuse::FLOAT)::UTINYINT + (p13 >= $tau_reuse::FLOAT)::UTINYINT + (p14 >= $tau_reuse::FLOAT)::UTINYINT +
        (p15 >= $tau_reuse::FLOAT)::UTINYINT AS reused
    FROM images AS i
    SEMI JOIN passing AS p ON p.cell = i.cell
)
SELECT m.number, m.recognised, m.reused
FROM measured AS m JOIN ranks AS k ON k.cell = m.cell
ORDER BY CASE $grouped WHEN 'model_id' THEN k.model_id WHEN 'perturbation' THEN k.perturbation END, $sign * (CASE $sort
    WHEN 's' THEN m.s WHEN 'vr' THEN m.reused WHEN 'seed' THEN m.seed WHEN 'variant' THEN m.variant
    WHEN 'recognised' THEN m.recognised::INTEGER WHEN 'label' THEN k.label
    WHEN 'model_id' THEN k.model_id WHEN 'perturbation' THEN k.perturbation ELSE m.cell END) NULLS LAST, m.cell, m.variant, m.seed;
