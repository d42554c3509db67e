-- Last days of the period's reports on which nobody works: flagged, not moved.
SELECT
    '' AS unit_code,
    due.report_type AS subject,
    due.last_day_on::VARCHAR AS shown_value
FROM plan_report_due AS due
INNER JOIN plan_day AS last_day ON due.last_day_on = last_day.day
WHERE due.period = $period AND NOT last_day.is_working
ORDER BY subject;
