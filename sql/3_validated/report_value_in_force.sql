-- The values of the latest accepted report of each unit and report type for the period.
SELECT latest_report_value.*
FROM latest_report_value
WHERE latest_report_value.period = $period
ORDER BY latest_report_value.unit_code, latest_report_value.report_type, latest_report_value.item_code;
