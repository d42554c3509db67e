-- Reports due, and those accepted and not empty.
SELECT
    *,
    report_type AS member_key,
    (state IN ('on_time', 'late', 'provisional'))::INTEGER AS numerator,
    1 AS denominator
FROM expected_report
WHERE state NOT IN ('not_due', 'not_determined')
ORDER BY unit_code, member_key;
