-- purpose: Say which place files of Commons have among those that their references name.
-- returns: nothing
UPDATE downloads SET place = incoming.place FROM incoming
WHERE downloads.qid = incoming.qid AND downloads.source = incoming.source;
