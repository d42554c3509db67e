-- Reports received, and those accepted the first time they came.
SELECT
    *,
    report_type AS member_key,
    is_first_time_right::INTEGER AS numerator,
    1 AS denominator
FROM expected_report
WHERE submission IS NOT NULL AND state <> 'rejected'
ORDER BY unit_code, member_key;
