-- purpose: Register models as used now.
-- returns: nothing
INSERT OR REPLACE INTO models BY NAME SELECT * FROM incoming;
