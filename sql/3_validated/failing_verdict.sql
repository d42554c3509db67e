-- Fatal findings of the submissions that count for the period, by rule and unit. A resubmitted report counts as its
-- latest round; a finding of a log belongs to the period of the day on which it occurred.
WITH latest_report AS (
    SELECT arg_max(file_sha256, (officially_received_on, committed_seq)) AS file_sha256
    FROM submission
    WHERE kind = 'unit_report' AND period = $period AND NOT is_withdrawn
    GROUP BY unit_code, report_type
),

counted AS (
    SELECT finding.*
    FROM finding
    INNER JOIN submission ON finding.file_sha256 = submission.file_sha256
    -- What a consolidation found in a file is judged there.
    INNER JOIN plan_rule AS rule
        ON finding.rule_id = rule.id AND rule.kind IN ('cast', 'column', 'row', 'within_file', 'report', 'free_form')
    WHERE
        finding.severity = 'fatal'
        AND NOT submission.is_withdrawn
        AND CASE
            -- a sum of quarters does not count their rows again
            WHEN submission.kind = 'dossier_log'
                THEN $is_flow AND finding.occurred_on BETWEEN $first_day AND $last_day
            ELSE finding.file_sha256 IN (SELECT latest_report.file_sha256 FROM latest_report)
        END
),

checked AS (
    SELECT
        rule_id,
        coalesce(unit_code, '') AS unit_code,
        sum(checked_count)::BIGINT AS checked_count
    FROM submission_result
    WHERE file_sha256 IN (SELECT counted.file_sha256 FROM counted)
    GROUP BY ALL
)

SELECT
    counted.rule_id,
    counted.rule_version,
    coalesce(counted.unit_code, '') AS unit_code,
    counted.dataset,
    greatest(coalesce(any_value(checked.checked_count), 0), count(*))::BIGINT AS checked_count,
    count(*)::BIGINT AS failing_count,
    list(
        struct_pack(
            file_sha256 := counted.file_sha256, sheet := counted.sheet, "row" := counted.row, cell := counted.cell
        ) ORDER BY counted.file_sha256, counted.row, counted.cell
    ) AS places
FROM counted
LEFT JOIN checked ON counted.rule_id = checked.rule_id AND coalesce(counted.unit_code, '') = checked.unit_code
GROUP BY counted.rule_id, counted.rule_version, coalesce(counted.unit_code, ''), counted.dataset
ORDER BY ALL;
