-- purpose: Whether there is a reference at all.
-- returns: frame
SELECT EXISTS (FROM refs) AS found;
