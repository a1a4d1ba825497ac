-- purpose: Record that a command has started.
-- returns: nothing
INSERT INTO runs BY NAME SELECT * FROM incoming;
