-- Fatal findings about the period's data that still stand, by rule and unit: of the reports and logs in force, and of
-- what two files say of one dossier. A later export that covers the day speaks for it; a later round of a report for
-- the whole report. What was waived does not stand in the way; a cumulative period is judged in its quarters.
WITH latest_report AS (
    SELECT arg_max(file_sha256, (officially_received_on, committed_seq)) AS file_sha256
    FROM submission
    WHERE kind = 'unit_report' AND period = $period AND is_in_force
    GROUP BY unit_code, report_type
),

in_files AS (
    SELECT finding.rule_id, coalesce(finding.unit_code, '') AS unit_code, count(*)::BIGINT AS failing_count
    FROM finding
    INNER JOIN submission ON finding.file_sha256 = submission.file_sha256
    INNER JOIN plan_rule AS rule
        ON finding.rule_id = rule.id AND rule.kind IN ('cast', 'column', 'row', 'within_file', 'report', 'free_form')
    WHERE
        finding.severity = 'fatal'
        AND submission.is_in_force
        AND CASE
            WHEN submission.kind = 'dossier_log'
                THEN
                    $is_flow
                    AND finding.occurred_on BETWEEN $first_day AND $last_day
                    AND NOT EXISTS (
                        SELECT 1
                        FROM submission AS later
                        WHERE
                            later.kind = 'dossier_log'
                            AND later.is_in_force
                            AND later.exported_at > submission.exported_at
                            AND finding.occurred_on BETWEEN later.window_first_day AND later.window_last_day
                    )
            ELSE finding.file_sha256 IN (SELECT latest_report.file_sha256 FROM latest_report)
        END
    GROUP BY ALL
),

between_files AS (
    SELECT result.rule_id, coalesce(result.unit_code, '') AS unit_code, sum(result.failing_count)::BIGINT AS failing_count
    FROM rule_result AS result
    INNER JOIN plan_rule AS rule
        ON result.rule_id = rule.id AND rule.kind = 'across_files' AND rule.severity = 'fatal'
    WHERE result.period = $period AND result.outcome = 'fail'
    GROUP BY ALL
),

found AS (
    SELECT * FROM in_files
    UNION ALL BY NAME
    SELECT * FROM between_files
)

SELECT found.rule_id, found.unit_code, found.failing_count
FROM found
ANTI JOIN waiver ON found.rule_id = waiver.rule_id AND found.unit_code = waiver.unit_code
ORDER BY found.rule_id, found.unit_code;
