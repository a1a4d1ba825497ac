-- purpose: The perturbations and kinds that there are active prompts of, and how many of their references can be scored.
-- returns: PromptCensus
SELECT
    p.perturbation,
    r.kind,
    count(DISTINCT r.qid) FILTER (WHERE r.qid IN (SELECT qid FROM reference_sets)) AS n_scorable_refs
FROM prompts AS p
JOIN refs AS r ON r.qid = p.qid
WHERE p.active
GROUP BY p.perturbation, r.kind
ORDER BY p.perturbation, r.kind;
