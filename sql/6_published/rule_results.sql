-- Verdicts behind the period: those of its consolidation and those of the submissions in force.
SELECT
    result.rule_id,
    result.rule_version,
    rule.severity,
    rule.message_vi,
    result.dataset,
    coalesce(result.unit_code, '') AS unit_code,
    result.outcome,
    coalesce(result.reason, '') AS reason,
    sum(result.checked_count)::BIGINT AS checked_count,
    sum(result.failing_count)::BIGINT AS failing_count
FROM rule_result AS result
INNER JOIN plan_rule AS rule ON result.rule_id = rule.id
WHERE
    result.period = $period
    OR result.file_sha256 IN (
        SELECT submission.file_sha256
        FROM submission
        WHERE
            NOT submission.is_withdrawn
            AND (
                submission.period = $period
                OR (
                    submission.kind = 'dossier_log'
                    AND submission.window_first_day <= $last_day
                    AND submission.window_last_day >= $first_day
                )
            )
    )
GROUP BY ALL
ORDER BY ALL;
