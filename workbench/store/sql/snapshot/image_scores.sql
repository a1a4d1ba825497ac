-- purpose: Of every image, in order of its number: whether it is recognised, and the share of its patches that is reused; NULL: not scored.
-- params: tau_static, tau_dynamic, tau_reuse
-- returns: frame
SELECT
    i.s >= (CASE WHEN i.static THEN $tau_static ELSE $tau_dynamic END)::FLOAT AS recognised,
    ((
        -- include: reused
    ) / 16)::FLOAT AS vr
FROM images AS i;
