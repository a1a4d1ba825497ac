-- purpose: Ids of all prompts, retired ones too.
-- returns: frame
SELECT prompt_id FROM prompts;
