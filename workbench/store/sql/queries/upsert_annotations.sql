-- purpose: Write what a person says of an image, in the place of what they said of it before.
-- returns: nothing
INSERT OR REPLACE INTO annotations BY NAME FROM incoming;
