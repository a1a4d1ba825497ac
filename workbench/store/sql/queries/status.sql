-- purpose: What is there, out of what, and what failed or is out of date.
-- returns: frame
WITH n AS (SELECT count(*) AS refs FROM refs),
-- What the study correlates recognition with, and the command that measures it.
wanted(name, method, command) AS (
    VALUES ('popularity', 'sitelinks', 'wb ingest popularity'),
        ('popularity', 'pageviews', 'wb ingest popularity'),
        ('training_frequency', '', 'wb ingest frequency --captions FILES'),
        ('textual_uniqueness', '', 'wb ingest uniqueness')
),
used AS (SELECT encoder_id, 'similarities' AS area FROM similarities UNION SELECT encoder_id, 'patches' FROM patches),
scorable AS (
    SELECT i.image_id, s.reference_set
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id AND p.active JOIN reference_sets AS s ON s.qid = p.qid
    WHERE i.status = 'ok'
),
scores AS (
    SELECT 'similarities' AS area, image_id, encoder_id, status, reference_set FROM similarities
    UNION ALL SELECT 'patches', image_id, encoder_id, status, reference_set FROM patches WHERE grid = 4
),
rows AS (
    SELECT 1 AS nth, 'references' AS area, r.kind AS item, count(*) AS have, NULL::BIGINT AS expected, 0::BIGINT AS failed,
        concat_ws(', ',
            CASE WHEN count(l.target) > 0 THEN format('{} merged into other items', count(l.target)) END,
            CASE WHEN bool_or(l.state = 'deleted') THEN format('{} deleted', count(*) FILTER (WHERE l.state = 'deleted')) END) AS note
    FROM refs AS r LEFT JOIN lost_items AS l ON l.qid = r.qid GROUP BY r.kind
    UNION ALL
    SELECT 2, 'reference images', r.kind, count(DISTINCT i.qid), count(DISTINCT r.qid),
        (SELECT count(*) FROM downloads AS d JOIN refs AS o ON o.qid = d.qid WHERE o.kind = r.kind AND d.status <> 'ok'),
        format('{} files, {} duplicates', count(i.sha256), count(i.duplicate_of))
    FROM refs AS r LEFT JOIN ref_images AS i ON i.qid = r.qid GROUP BY r.kind
    UNION ALL
    SELECT 3, 'covariates', 'creation date', count(creation_year), count(*), 0,
        CASE WHEN bool_or(creation_precision < 9) THEN
            format('{} of them no more precise than a decade', count(creation_year) FILTER (WHERE creation_precision < 9)) ELSE '' END
    FROM refs HAVING count(*) > 0
    UNION ALL
    SELECT 3, 'covariates', concat_ws(', ', w.name, nullif(w.method, '')), 0, n.refs, 0, format('not measured yet: {}', w.command)
    FROM wanted AS w, n
    WHERE n.refs > 0
        AND NOT EXISTS (FROM covariates AS c WHERE c.name = w.name AND starts_with(c.method, w.method))
    UNION ALL
    -- A share of captions is that of the titles that any caption has: the others lack nothing.
    SELECT 3, 'covariates', name || ' (' || method || ')', count(*), if(name = 'corroborated_share', count(*), any_value(n.refs)), 0,
        concat_ws(', ', if(name = 'corroborated_share', 'of the titles in captions', NULL), 'as of ' || max(as_of)::VARCHAR)
    FROM covariates, n GROUP BY name, method
    UNION ALL
    SELECT 4, 'labels', language, count(*), any_value(n.refs), 0, '' FROM reference_labels, n GROUP BY language
    UNION ALL
    SELECT 5, 'prompts', perturbation, count(DISTINCT qid), any_value(n.refs), 0,
        CASE WHEN count(*) > count(DISTINCT qid) THEN format('{} prompts', count(*)) ELSE '' END
    FROM prompts, n WHERE active GROUP BY perturbation
    UNION ALL
    SELECT 6, 'images', i.model_id || ' / ' || p.perturbation, count(*) FILTER (WHERE i.status = 'ok'), count(*),
        count(*) FILTER (WHERE i.status <> 'ok'),
        concat_ws(', ', format('settings {}', i.settings_id),
            CASE WHEN bool_or(i.status = 'blocked') THEN format('{} blocked', count(*) FILTER (WHERE i.status = 'blocked')) END,
            CASE WHEN bool_or(i.status = 'black') THEN format('{} black', count(*) FILTER (WHERE i.status = 'black')) END,
            CASE WHEN NOT p.active THEN 'retired prompts' END)
    FROM images AS i JOIN prompts AS p ON p.prompt_id = i.prompt_id
    GROUP BY i.model_id, i.settings_id, p.perturbation, p.active
    UNION ALL
    SELECT 7, u.area, u.encoder_id,
        count(*) FILTER (WHERE s.status = 'ok' AND s.reference_set = x.reference_set), count(*),
        count(*) FILTER (WHERE s.status = 'failed'),
        CASE WHEN bool_or(s.reference_set <> x.reference_set)
            THEN format('{} out of date: the reference images changed', count(*) FILTER (WHERE s.reference_set <> x.reference_set))
            ELSE '' END
    FROM used AS u CROSS JOIN scorable AS x
    LEFT JOIN scores AS s ON s.area = u.area AND s.encoder_id = u.encoder_id AND s.image_id = x.image_id
    GROUP BY u.area, u.encoder_id
    UNION ALL
    SELECT 8, 'metrics', metric_id, count(*) FILTER (WHERE status = 'ok'), NULL, count(*) FILTER (WHERE status = 'failed'), ''
    FROM metric_scores GROUP BY metric_id
    UNION ALL
    SELECT 9, 'annotations', annotator, count(*), NULL, 0, '' FROM annotations GROUP BY annotator
)
SELECT area, item, have, expected, failed, note FROM rows ORDER BY nth, area DESC, item, note;
