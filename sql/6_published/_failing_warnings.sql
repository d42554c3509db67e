-- Warnings behind the period: rules of severity warning that failed, by unit, with how many places. A file speaks where
-- it is in force; a report's latest round speaks for the report.
WITH latest_report AS (
    SELECT arg_max(file_sha256, (officially_received_on, committed_seq)) AS file_sha256
    FROM submission
    WHERE kind = 'unit_report' AND period = $period AND is_in_force
    GROUP BY unit_code, report_type
),

counted AS (
    SELECT file_sha256 FROM latest_report
    UNION
    SELECT file_sha256
    FROM submission
    WHERE
        kind = 'dossier_log'
        AND is_in_force
        AND window_first_day <= $last_day
        AND window_last_day >= $first_day
)

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
        (result.file_sha256 IS NULL AND result.period = $period)
        OR result.file_sha256 IN (SELECT counted.file_sha256 FROM counted)
    )
GROUP BY ALL
ORDER BY ALL;
