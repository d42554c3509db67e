-- Warnings behind the period: rules of severity warning that failed, by unit, with how many places.
SELECT
    result.rule_id,
    coalesce(result.unit_code, '') AS unit_code,
    sum(result.failing_count)::BIGINT AS failing_count
FROM rule_result AS result
INNER JOIN plan_rule AS rule ON result.rule_id = rule.id
WHERE
    rule.severity = 'warning'
    AND result.outcome = 'fail'
    AND (
        result.period = $period
        OR result.file_sha256 IN (
            SELECT submission.file_sha256
            FROM submission
            WHERE
                submission.is_in_force
                AND (
                    submission.period = $period
                    OR (
                        submission.kind = 'dossier_log'
                        AND submission.window_first_day <= $last_day
                        AND submission.window_last_day >= $first_day
                    )
                )
        )
    )
GROUP BY ALL
ORDER BY ALL;
