-- purpose: Every table, view, column, macro, and macro parameter and column, with its meaning.
-- params: name (NULL: all)
-- returns: frame
WITH objects AS (
    SELECT table_name AS name, 'table' AS type, comment AS meaning, 1 AS rank FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT view_name, 'view', comment, 2 FROM duckdb_views() WHERE NOT internal
    UNION ALL
    SELECT function_name, 'macro', comment, 3 FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'
        AND function_name IN ('image_scores', 'ref_scores', 'model_scores', 'correlation_input', 'calibration', 'null_scores')
),
parameters AS (
    SELECT f.function_name AS name, generate_subscripts(f.parameters, 1) AS nth, unnest(f.parameters) AS column_name
    FROM duckdb_functions() AS f WHERE NOT f.internal AND f.function_type = 'table_macro'
),
macro_columns AS (
    SELECT 'image_scores' AS name, column_name, column_type, row_number() OVER () AS nth FROM (DESCRIBE FROM image_scores())
    UNION ALL
    SELECT 'ref_scores', column_name, column_type, row_number() OVER () FROM (DESCRIBE FROM ref_scores())
    UNION ALL
    SELECT 'model_scores', column_name, column_type, row_number() OVER () FROM (DESCRIBE FROM model_scores())
    UNION ALL
    SELECT 'correlation_input', column_name, column_type, row_number() OVER () FROM (DESCRIBE FROM correlation_input())
    UNION ALL
    SELECT 'calibration', column_name, column_type, row_number() OVER () FROM (DESCRIBE FROM calibration())
    UNION ALL
    SELECT 'null_scores', column_name, column_type, row_number() OVER () FROM (DESCRIBE FROM null_scores())
),
terms (term, meaning) AS (VALUES
    ('tau_static', 'Threshold on s for static references, -1 to 1; default 0.70.'),
    ('tau_dynamic', 'Threshold on s for dynamic references, -1 to 1; default 0.75.'),
    ('tau_reuse', 'Threshold on p for a patch to count as reused, -1 to 1; default 0.60.'),
    ('encoder', 'encoder_id behind s; default: the preferred one of those that have scored at least nine tenths of what the busiest has.'),
    ('patch_encoder', 'encoder_id behind p; default: the preferred one of those that have scored at least nine tenths of what the busiest has.'),
    ('min_entropy', 'Least entropy of an informative patch, bits; default 1.0.'),
    ('false_rate', 'Share of the null comparisons that reach the threshold, 0 to 1; default 0.05.'),
    ('qid', 'The reference.'),
    ('label', 'Its English label: the title that is prompted.'),
    ('kind', 'static or dynamic; in model_scores also all: both together.'),
    ('type', 'Kind of work, e.g. painting, film; NULL: unknown.'),
    ('image_id', 'The generated image.'),
    ('status', 'ok, blocked, black or failed: of the generated image.'),
    ('prompt_id', 'Its prompt.'),
    ('path', 'File of the generated image, relative to the images folder beside the database; NULL where there is none.'),
    ('sha256', 'SHA-256 of that file; NULL where there is none.'),
    ('s', 'Highest cosine similarity of the generated image to a reference image of its own reference, -1 to 1; NULL: no current score.'),
    ('best_sha256', 'The reference image that gave s.'),
    ('recognised', 's >= tau of its kind; NULL: no current score.'),
    ('vr', 'Visual Reuse: share of the patches with p >= tau_reuse, 0 to 1; per reference the mean over recognised images; NULL: none.'),
    ('vi', 'Visual Independence, 1 - vr; per reference the mean over recognised images; NULL: none.'),
    ('vr_informative', 'vr over patches of at least min_entropy bits; NULL: none.'),
    ('n', 'Scored images.'),
    ('n_images', 'Images, whatever their status; of calibration, those compared.'),
    ('n_excluded', 'Images that are blocked, black or failed: never measured.'),
    ('n_recognised', 'Recognised images.'),
    ('n_realised', 'Recognised images with patch maxima: those that vr and vi average over.'),
    ('n_refs', 'References with a scored image; of calibration, those compared with.'),
    ('mean_s', 'Mean of s, -1 to 1.'),
    ('cra', 'Cultural Reference Alignment: share of the scored images that are recognised, 0 to 1; per model the mean over references.'),
    ('crt', 'Cultural Reference Transformation: cra * vi of a reference, 0 where no image is recognised; per model the mean over references.'),
    ('vr_all', 'Mean vr over all scored images, recognised or not.'),
    ('vi_all', 'Mean vi over all scored images, recognised or not.'),
    ('crt_all', 'cra * vi_all.'),
    ('covariate', 'covariates.name, or creation_date.'),
    ('method', 'covariates.method, or year.'),
    ('value', 'Value of the covariate, in its unit; of calibration, the threshold.'),
    ('threshold', 'tau_static, tau_dynamic or tau_reuse.'),
    ('n_pairs', 'Null comparisons: images times other references, for tau_reuse times patches; of null_scores, those of the image.'),
    ('null_mean', 'Mean of s against references that the image was not asked for, -1 to 1.'),
    ('null_sd', 'Standard deviation of the same; NULL: fewer than two.'),
    ('z', '(s - null_mean) / null_sd; NULL where that is 0.'),
    ('patch_encoder_id', 'The encoder behind p.'),
    ('encoder_id', 'The encoder behind s.')
),
columns AS (
    SELECT c.table_name AS name, c.column_index AS nth, c.column_name, c.data_type AS type, c.comment AS meaning, o.rank
    FROM duckdb_columns() AS c JOIN objects AS o ON o.name = c.table_name
    UNION ALL
    SELECT p.name, p.nth, p.column_name, 'parameter', t.meaning, 3
    FROM parameters AS p LEFT JOIN terms AS t ON t.term = p.column_name
    UNION ALL
    SELECT m.name, 100 + m.nth, m.column_name, m.column_type, coalesce(t.meaning, (
        SELECT first(c.comment ORDER BY c.table_oid) FROM duckdb_columns() AS c WHERE c.column_name = m.column_name
    )), 3
    FROM macro_columns AS m LEFT JOIN terms AS t ON t.term = m.column_name
)
SELECT name, column_name AS "column", type, coalesce(meaning, '') AS meaning
FROM (SELECT name, 0 AS nth, '' AS column_name, type, meaning, rank FROM objects UNION ALL BY NAME FROM columns)
WHERE $name IS NULL OR name = $name
ORDER BY rank, name, nth;
