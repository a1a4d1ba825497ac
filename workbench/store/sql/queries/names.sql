-- purpose: What can be exported: the study's tables and views (but for the cache of embeddings), and the measures' macros with the names of their parameters.
-- returns: frame
SELECT table_name AS name, 'table' AS type, NULL::VARCHAR[] AS parameters FROM duckdb_tables()
WHERE NOT internal AND table_name <> 'reference_embeddings' AND regexp_full_match(table_name, '[a-z_][a-z0-9_]*')
UNION ALL
SELECT view_name, 'view', NULL FROM duckdb_views()
WHERE NOT internal AND regexp_full_match(view_name, '[a-z_][a-z0-9_]*')
UNION ALL
SELECT DISTINCT function_name, 'macro', parameters FROM duckdb_functions()
WHERE NOT internal AND function_type = 'table_macro'
    AND function_name IN ('image_scores', 'ref_scores', 'model_scores', 'correlation_input', 'calibration', 'null_scores')
ORDER BY ALL;
