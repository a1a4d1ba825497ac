-- Dates that their source gives as circa.

ALTER TABLE refs ADD COLUMN creation_circa BOOLEAN DEFAULT false;
COMMENT ON COLUMN refs.creation_circa IS 'The source gives the date as circa (Wikidata: sourcing circumstances P1480 = Q5727902); false: it does not say so.';
