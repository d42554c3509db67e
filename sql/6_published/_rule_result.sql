-- The verdicts of this consolidation and those of every submission, not those of earlier consolidations. A failing one
-- that somebody with authority accepts for this period is waived: shown, counted, and no obstacle.
WITH verdict AS (
    SELECT * FROM consolidation_result
    UNION ALL BY NAME
    SELECT * FROM every_rule_result
    WHERE file_sha256 IS NOT NULL
)

SELECT
    verdict.* REPLACE (
        CASE WHEN verdict.outcome = 'fail' AND waiver.number IS NOT NULL THEN 'waived' ELSE verdict.outcome END
            AS outcome,
        CASE
            WHEN verdict.outcome = 'fail' AND waiver.number IS NOT NULL
                THEN waiver.number || ': ' || waiver.reason
            ELSE verdict.reason
        END AS reason
    )
FROM verdict
LEFT JOIN waiver
    ON
        verdict.rule_id = waiver.rule_id
        AND coalesce(verdict.unit_code, '') = waiver.unit_code;
