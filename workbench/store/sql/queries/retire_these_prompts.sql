-- purpose: Retire the prompts of incoming.
-- returns: nothing
UPDATE prompts SET active = false WHERE active AND prompt_id IN (SELECT prompt_id FROM incoming);
