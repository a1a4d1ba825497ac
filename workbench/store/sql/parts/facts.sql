-- The covariates that references are filtered by: a CTE facts. Of several methods of one covariate the first is taken.
named AS (
    SELECT name, CASE WHEN name = 'popularity' THEN 'sitelinks' ELSE min(method) END AS method
    FROM covariates WHERE name IN ('popularity', 'training_frequency', 'textual_uniqueness') GROUP BY name
),
facts AS (
    SELECT
        c.qid,
        max(c.value) FILTER (WHERE c.name = 'popularity') AS popularity,
        max(c.value) FILTER (WHERE c.name = 'training_frequency') AS training_frequency,
        max(c.value) FILTER (WHERE c.name = 'textual_uniqueness') AS textual_uniqueness
    FROM covariates AS c JOIN named AS n ON n.name = c.name AND n.method = c.method
    GROUP BY c.qid
)
