-- purpose: Every table, view, column and macro with its meaning.
-- params: name (NULL: all)
-- returns: frame
WITH objects AS (
    SELECT table_name AS name, 0 AS nth, 'table' AS type, comment AS meaning, 1 AS rank FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT view_name, 0, 'view', comment, 2 FROM duckdb_views() WHERE NOT internal
    UNION ALL
    SELECT function_name, 0, 'macro', comment, 3 FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'
),
columns AS (
    SELECT c.table_name AS name, c.column_index AS nth, c.column_name, c.data_type AS type, c.comment AS meaning, o.rank
    FROM duckdb_columns() AS c JOIN objects AS o ON o.name = c.table_name
    UNION ALL
    SELECT f.function_name, generate_subscripts(f.parameters, 1), unnest(f.parameters), 'parameter', NULL, 3
    FROM duckdb_functions() AS f WHERE NOT f.internal AND f.function_type = 'table_macro'
)
SELECT name, column_name AS "column", type, coalesce(meaning, '') AS meaning
FROM (SELECT name, nth, '' AS column_name, type, meaning, rank FROM objects UNION ALL BY NAME FROM columns)
WHERE $name IS NULL OR name = $name
ORDER BY rank, name, nth;
