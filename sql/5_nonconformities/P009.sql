-- Reports that came for the period though none is expected of that sender.
SELECT
    submission.unit_code,
    submission.report_type AS subject,
    submission.file_sha256,
    submission.number AS shown_value
FROM submission
ANTI JOIN expected_report AS expected
    ON submission.unit_code = expected.unit_code AND submission.report_type = expected.report_type
WHERE
    submission.kind = 'unit_report'
    AND submission.period = $period
    AND submission.unit_code IS NOT NULL
    AND submission.report_type IS NOT NULL
    AND NOT submission.is_withdrawn
ORDER BY submission.unit_code, subject, shown_value;
