-- purpose: Every covariate and method: how many references have a value, and its range.
-- returns: frame
SELECT
    c.name AS covariate, c.method, any_value(c.unit) AS unit,
    count(*) FILTER (WHERE r.kind = 'static') AS static, count(*) FILTER (WHERE r.kind = 'dynamic') AS dynamic,
    count(*) FILTER (WHERE c.value = 0) AS zeros,
    min(c.value) AS lowest, median(c.value) AS median, max(c.value) AS highest, max(c.as_of)::VARCHAR AS as_of
FROM covariates AS c
JOIN refs AS r ON r.qid = c.qid
GROUP BY c.name, c.method
ORDER BY c.name, c.method;
