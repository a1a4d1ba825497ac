-- purpose: How many references and active prompts there are per perturbation and kind.
-- returns: PromptCensus
SELECT
    p.perturbation,
    r.kind,
    count(DISTINCT r.qid) AS n_refs,
    count(DISTINCT r.qid) FILTER (WHERE r.qid IN (SELECT qid FROM reference_sets)) AS n_scorable_refs,
    count(*) AS n_prompts
FROM prompts AS p
JOIN refs AS r ON r.qid = p.qid
WHERE p.active
GROUP BY p.perturbation, r.kind
ORDER BY p.perturbation, r.kind;
