-- purpose: Say which items are lost, where it is news.
-- returns: nothing
INSERT INTO lost_items BY NAME SELECT * FROM incoming
ON CONFLICT (qid) DO UPDATE SET
    state = excluded.state,
    target = excluded.target,
    endpoint = excluded.endpoint,
    run_id = excluded.run_id
WHERE (excluded.state, excluded.target) IS DISTINCT FROM (lost_items.state, lost_items.target);
