-- Provisional reports that nobody has replaced since their period ended.
SELECT
    expected.unit_code,
    expected.report_type AS subject,
    arg_max(submission.file_sha256, (submission.officially_received_on, submission.committed_seq)) AS file_sha256,
    max(submission.officially_received_on)::VARCHAR AS shown_value,
    '> ' || $last_day::VARCHAR AS expected
FROM expected_report AS expected
INNER JOIN plan_report_due AS due ON expected.report_type = due.report_type AND expected.period = due.period
INNER JOIN submission
    ON
        expected.unit_code = submission.unit_code
        AND expected.report_type = submission.report_type
        AND expected.period = submission.period
        AND submission.is_in_force
-- as_of is the period's last day only where the period is over
WHERE due.is_provisional AND $as_of >= $last_day
GROUP BY expected.unit_code, expected.report_type
HAVING max(submission.officially_received_on) <= $last_day
ORDER BY expected.unit_code, subject;
