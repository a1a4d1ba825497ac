-- More of what Wikidata states: dates that are circa, all pictures of an item. Answers about popularity are kept as well.

ALTER TABLE refs ADD COLUMN creation_circa BOOLEAN DEFAULT false;
COMMENT ON COLUMN refs.creation_circa IS 'The source gives the date as circa (Wikidata: sourcing circumstances P1480 = Q5727902); false: it does not say so.';
ALTER TABLE refs ADD COLUMN more_image_files VARCHAR[] DEFAULT [];
COMMENT ON COLUMN refs.image_file IS 'File name on Wikimedia Commons (P18): of several the first, preferred rank before normal, then in the order of their names; NULL: none.';
COMMENT ON COLUMN refs.more_image_files IS 'The other files that the source names, in that order; []: none.';

ALTER TABLE downloads ADD COLUMN place INTEGER;
COMMENT ON COLUMN downloads.place IS 'Place, from 1, of a file of Commons among those that its reference names; NULL: no longer one of them, or not from Commons.';
COMMENT ON COLUMN ref_images.rank IS '1 is the first image of the reference, the one that static references are scored against. Pictures of Commons change ranks among themselves when the item names others.';

COMMENT ON COLUMN endpoint_answers.question IS 'Query file that was asked: items, facts, labels, popularity, work_class.';
