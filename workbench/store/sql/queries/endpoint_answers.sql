-- purpose: What endpoints were asked and when, the newest first, without the answers themselves.
-- returns: frame
SELECT answer_id, endpoint, question, result_rows, size, octet_length(answer) AS kept_size, first_utc, last_utc, run_id
FROM endpoint_answers
ORDER BY last_utc DESC, answer_id;
