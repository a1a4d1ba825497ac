-- purpose: Of every image, in order of its number: whether it is recognised, and how many of its patches are reused; NULL: not scored.
-- params: tau_static, tau_dynamic, tau_reuse
-- returns: frame
SELECT
    i.s >= (CASE WHEN i.static THEN $tau_static ELSE $tau_dynamic END)::FLOAT AS recognised,
    (p0 >= $tau_reuse::FLOAT)::UTINYINT + (p1 >= $tau_reuse::FLOAT)::UTINYINT + (p2 >= $tau_reuse::FLOAT)::UTINYINT +
    (p3 >= $tau_reuse::FLOAT)::UTINYINT + (p4 >= $tau_reuse::FLOAT)::UTINYINT + (p5 >= $tau_reuse::FLOAT)::UTINYINT +
    (p6 >= $tau_reuse::FLOAT)::UTINYINT + (p7 >= $tau_reuse::FLOAT)::UTINYINT + (p8 >= $tau_reuse::FLOAT)::UTINYINT +
    (p9 >= $tau_reuse::FLOAT)::UTINYINT + (p10 >= $tau_reuse::FLOAT)::UTINYINT + (p11 >= $tau_reuse::FLOAT)::UTINYINT +
    (p12 >= $tau_reuse::FLOAT)::UTINYINT + (p13 >= $tau_reuse::FLOAT)::UTINYINT + (p14 >= $tau_reuse::FLOAT)::UTINYINT +
    (p15 >= $tau_reuse::FLOAT)::UTINYINT AS vr
FROM images AS i;
