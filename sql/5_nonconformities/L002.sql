-- Reports whose last day is counted from the day of the plan's decision, which is not stated.
SELECT
    '' AS unit_code,
    report_type || ' ' || period AS subject,
    'decision.on' AS column_name
FROM plan_report_due
WHERE $decided_on IS NULL AND last_day_on IS NULL
ORDER BY subject;
