-- purpose: The prompts that are asked for, best known references first, and which of their images need not be made.
-- params: model_id, settings_id, images_per_prompt, first_seed, perturbations (NULL: all), kind (NULL: both), qids (NULL: all), prompt_ids (NULL: all), limit_refs (NULL: all), with_reference_image (true: only references that can be scored), retry (true: make also what failed, was blocked or black)
-- returns: PlannedPrompt
WITH popularity AS (
    SELECT qid, max(value) AS sitelinks FROM covariates WHERE name = 'popularity' AND method = 'sitelinks' GROUP BY qid
),
asked AS (
    SELECT * FROM prompts
    WHERE active
        AND ($perturbations IS NULL OR list_contains($perturbations, perturbation))
        AND ($prompt_ids IS NULL OR prompt_id IN (SELECT unnest($prompt_ids::VARCHAR[])))
),
chosen AS (
    SELECT r.qid, coalesce(s.sitelinks, -1) AS sitelinks, r.qid IN (SELECT qid FROM reference_sets) AS scorable
    FROM refs AS r LEFT JOIN popularity AS s ON s.qid = r.qid
    WHERE ($kind IS NULL OR r.kind = $kind)
        AND ($qids IS NULL OR list_contains($qids, r.qid))
        AND (scorable OR NOT coalesce($with_reference_image, false))
        AND r.qid IN (SELECT qid FROM asked)
    ORDER BY sitelinks DESC, r.qid
    LIMIT $limit_refs
),
there AS (
    SELECT prompt_id, list(seed ORDER BY seed) AS seeds
    FROM images
    WHERE model_id = $model_id AND settings_id = $settings_id
        AND seed - $first_seed::BIGINT BETWEEN 0 AND $images_per_prompt::BIGINT - 1
        AND (status = 'ok' OR NOT coalesce($retry, false))
    GROUP BY prompt_id
)
SELECT p.prompt_id, p.qid, p.perturbation, p.text, c.scorable, coalesce(t.seeds, []) AS taken
FROM chosen AS c
JOIN asked AS p ON p.qid = c.qid
LEFT JOIN there AS t ON t.prompt_id = p.prompt_id
ORDER BY c.sitelinks DESC, c.qid, p.perturbation, p.variant;
