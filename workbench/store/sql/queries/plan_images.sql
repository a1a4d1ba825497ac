-- purpose: The images that are asked for and not there yet, best known references first.
-- params: model_id, settings_id, images_per_prompt, first_seed, perturbations (NULL: all), kind (NULL: both), qids (NULL: all), limit_refs (NULL: all), with_reference_image (true: only references that can be scored), retry (true: also what failed, was blocked or black)
-- returns: PlannedImage
WITH popularity AS (
    SELECT qid, max(value) AS sitelinks FROM covariates WHERE name = 'popularity' AND method = 'sitelinks' GROUP BY qid
),
chosen AS (
    SELECT r.qid, coalesce(s.sitelinks, -1) AS sitelinks, r.qid IN (SELECT qid FROM reference_sets) AS scorable
    FROM refs AS r LEFT JOIN popularity AS s ON s.qid = r.qid
    WHERE ($kind IS NULL OR r.kind = $kind)
        AND ($qids IS NULL OR list_contains($qids, r.qid))
        AND (scorable OR NOT coalesce($with_reference_image, false))
        AND r.qid IN (
            SELECT qid FROM prompts
            WHERE active AND ($perturbations IS NULL OR list_contains($perturbations, perturbation))
        )
    ORDER BY sitelinks DESC, r.qid
    LIMIT $limit_refs
)
SELECT p.prompt_id, p.qid, p.perturbation, p.text, seeds.seed, c.scorable
FROM chosen AS c
JOIN prompts AS p ON p.qid = c.qid
CROSS JOIN (SELECT unnest(range($first_seed::BIGINT, $first_seed::BIGINT + $images_per_prompt::BIGINT)) AS seed) AS seeds
WHERE p.active
    AND ($perturbations IS NULL OR list_contains($perturbations, p.perturbation))
    AND NOT EXISTS (
        SELECT 1 FROM images AS i
        WHERE i.prompt_id = p.prompt_id AND i.model_id = $model_id AND i.settings_id = $settings_id
            AND i.seed = seeds.seed AND (i.status = 'ok' OR NOT coalesce($retry, false))
    )
ORDER BY c.sitelinks DESC, c.qid, p.perturbation, p.variant, seeds.seed;
