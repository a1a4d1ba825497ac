-- purpose: The reference images that each reference is scored against.
-- returns: ReferenceSet
SELECT rs.qid, rs.reference_set, rs.sha256s, list(ri.path ORDER BY ri.rank, ri.sha256) AS paths
FROM reference_sets AS rs
JOIN ref_images AS ri ON ri.qid = rs.qid AND list_contains(rs.sha256s, ri.sha256)
GROUP BY rs.qid, rs.reference_set, rs.sha256s
ORDER BY rs.qid;
