-- How prompts differ from titles, word by word; counts of captions that mention a reference by any of its names.

CREATE TABLE prompt_changes (
    prompt_id VARCHAR NOT NULL,
    position USMALLINT NOT NULL CHECK (position >= 1),
    original VARCHAR NOT NULL,
    replacement VARCHAR NOT NULL,
    part_of_speech VARCHAR NOT NULL CHECK (part_of_speech IN ('noun', 'verb', 'adjective')),
    synset VARCHAR NOT NULL,
    PRIMARY KEY (prompt_id, position)
);
COMMENT ON TABLE prompt_changes IS 'A word of a title that a synonym replaces in a prompt.';
COMMENT ON COLUMN prompt_changes.prompt_id IS 'The prompt.';
COMMENT ON COLUMN prompt_changes.position IS 'Of the word among the words of the title, from 1.';
COMMENT ON COLUMN prompt_changes.original IS 'The word in the title.';
COMMENT ON COLUMN prompt_changes.replacement IS 'The word in the prompt.';
COMMENT ON COLUMN prompt_changes.part_of_speech IS 'What both are: noun, verb or adjective.';
COMMENT ON COLUMN prompt_changes.synset IS 'The meaning that both have: a synset of WordNet 3.0 by part of speech and offset, e.g. n08524735.';

COMMENT ON COLUMN prompt_tokens.model_id IS 'The model whose tokenizer counted; the name of the tokenizer itself, e.g. clip, where no model was loaded.';

CREATE TABLE counted_before AS SELECT * FROM caption_counts;
DROP TABLE caption_counts;
CREATE TABLE caption_counts (
    file_id VARCHAR NOT NULL,
    qid VARCHAR NOT NULL,
    measure VARCHAR NOT NULL CHECK (measure IN ('title', 'names', 'ngrams')),
    wording VARCHAR NOT NULL,
    matches BIGINT NOT NULL CHECK (matches >= 0),
    corroborated BIGINT NOT NULL CHECK (corroborated BETWEEN 0 AND matches),
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (file_id, qid, measure)
);
INSERT INTO caption_counts BY NAME SELECT * FROM counted_before;
DROP TABLE counted_before;
COMMENT ON TABLE caption_counts IS 'How many captions of one file mention a reference; covariates hold the sums.';
COMMENT ON COLUMN caption_counts.file_id IS 'The file.';
COMMENT ON COLUMN caption_counts.qid IS 'The reference.';
COMMENT ON COLUMN caption_counts.measure IS 'title: its label; names: its label or another name of it, a caption once; ngrams: each pair of neighbouring words of its label (or its only word), summed.';
COMMENT ON COLUMN caption_counts.wording IS 'Hash of the texts looked for: a count of other texts is counted anew.';
COMMENT ON COLUMN caption_counts.matches IS 'Captions that hold the text as whole words, case and accents apart.';
COMMENT ON COLUMN caption_counts.corroborated IS 'Captions among them that also hold a name of a creator or a word of the type of work.';
COMMENT ON COLUMN caption_counts.run_id IS 'The run that counted.';
