-- purpose: Write what became of items, where it is news.
-- returns: nothing
INSERT INTO ref_states BY NAME SELECT * FROM incoming
ON CONFLICT (qid) DO UPDATE SET state = excluded.state, target = excluded.target, run_id = excluded.run_id
WHERE (excluded.state, excluded.target) IS DISTINCT FROM (ref_states.state, ref_states.target);
