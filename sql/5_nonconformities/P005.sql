-- Reports that took more than $rounds rounds; a log is exported as often as it is wanted.
SELECT
    expected.unit_code,
    expected.report_type AS subject,
    expected.file_sha256,
    expected.round_count::VARCHAR AS shown_value,
    '<= ' || $rounds AS expected
FROM expected_report AS expected
INNER JOIN submission ON expected.submission = submission.number
WHERE submission.kind = 'unit_report' AND expected.round_count > $rounds
ORDER BY expected.unit_code, subject;
