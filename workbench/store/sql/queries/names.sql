-- purpose: What can be exported: tables and views, and the measures' macros with their default thresholds.
-- returns: frame
SELECT table_name AS name, 'table' AS type FROM duckdb_tables() WHERE NOT internal
UNION ALL
SELECT view_name, 'view' FROM duckdb_views() WHERE NOT internal
UNION ALL
SELECT DISTINCT function_name, 'macro' FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'
ORDER BY ALL;
