-- purpose: Write what came of downloads, where it is news.
-- returns: nothing
INSERT INTO downloads BY NAME SELECT * FROM incoming
ON CONFLICT (qid, source) DO UPDATE SET
    status = excluded.status,
    reason = excluded.reason,
    sha256 = excluded.sha256,
    page_url = excluded.page_url,
    credit = excluded.credit,
    licence_url = excluded.licence_url,
    run_id = excluded.run_id
WHERE (excluded.status, excluded.reason, excluded.sha256, excluded.page_url, excluded.credit, excluded.licence_url)
    IS DISTINCT FROM (
        downloads.status, downloads.reason, downloads.sha256, downloads.page_url, downloads.credit, downloads.licence_url
    );
