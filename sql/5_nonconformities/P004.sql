-- Reports whose day of official receipt is not the day on which they were taken in.
SELECT
    unit_code,
    report_type AS subject,
    file_sha256,
    recorded_on::VARCHAR AS shown_value,
    officially_received_on::VARCHAR AS expected
FROM expected_report
WHERE recorded_on <> officially_received_on
ORDER BY unit_code, subject;
