-- purpose: Keep answers; one that is kept already came once more.
-- returns: nothing
INSERT INTO endpoint_answers BY NAME SELECT * FROM incoming
ON CONFLICT (answer_id) DO UPDATE SET last_utc = excluded.last_utc;
