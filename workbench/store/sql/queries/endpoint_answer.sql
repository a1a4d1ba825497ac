-- purpose: A query and its raw answer.
-- params: answer_id
-- returns: EndpointAnswer
SELECT * FROM endpoint_answers WHERE answer_id = $answer_id;
