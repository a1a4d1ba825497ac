-- More of what Wikidata states: dates that are circa. Answers about popularity are kept as well.

ALTER TABLE refs ADD COLUMN creation_circa BOOLEAN DEFAULT false;
COMMENT ON COLUMN refs.creation_circa IS 'The source gives the date as circa (Wikidata: sourcing circumstances P1480 = Q5727902); false: it does not say so.';

COMMENT ON COLUMN endpoint_answers.question IS 'Query file that was asked: items, facts, labels, popularity, work_class.';
