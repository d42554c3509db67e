-- Expected of the period, and missing.
SELECT
    unit_code,
    report_type AS subject,
    file_sha256,
    officially_received_on::VARCHAR AS shown_value,
    last_day_on::VARCHAR AS expected
FROM expected_report
WHERE state = 'missing'
ORDER BY unit_code, subject;
