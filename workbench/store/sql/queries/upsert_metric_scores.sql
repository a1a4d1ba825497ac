-- purpose: Write scores of metrics, replacing stale or failed ones.
-- returns: nothing
INSERT OR REPLACE INTO metric_scores BY NAME SELECT * FROM incoming;
