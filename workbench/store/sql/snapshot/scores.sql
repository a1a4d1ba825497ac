-- purpose: The measures of every cell under some thresholds: as ref_scores() gives them, from columns, without joins and lists.
-- params: tau_static, tau_dynamic, tau_reuse
-- returns: frame
WITH measured AS (
    SELECT
        i.cell, i.ok, i.s,
        i.s >= (CASE WHEN i.static THEN $tau_static ELSE $tau_dynamic END)::FLOAT AS recognised,
        (
            -- include: reused
        ) / 16 AS vr
    FROM images AS i
),
means AS (
    SELECT
        cell,
        count(s) AS n, count(*) AS n_images, count(*) FILTER (WHERE NOT ok) AS n_excluded,
        count(*) FILTER (WHERE recognised) AS n_recognised,
        count(*) FILTER (WHERE recognised AND vr IS NULL) AS n_unrealised,
        avg(s) AS mean_s, avg(recognised::INTEGER) AS cra,
        avg(vr) FILTER (WHERE recognised) AS vr, avg(vr) AS vr_all,
        avg(1 - vr) FILTER (WHERE recognised) AS vi, avg(1 - vr) AS vi_all
    FROM measured GROUP BY cell
)
SELECT
    -- To the last digit as the macro: a bootstrap tells ties by it.
    c.*, m.* EXCLUDE (cell), m.cra * m.vi_all AS crt_all,
    CASE WHEN m.n_recognised = 0 AND m.n > 0 THEN 0 WHEN m.n_unrealised = 0 THEN m.cra * m.vi END AS crt
FROM means AS m JOIN cells AS c ON c.cell = m.cell;
