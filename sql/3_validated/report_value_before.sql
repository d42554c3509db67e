-- The values of each unit's last accepted report of the same type for a period that ended before this one did.
WITH earlier AS (
    SELECT
        latest_report_value.unit_code,
        latest_report_value.report_type,
        arg_max(latest_report_value.file_sha256, (period.last_day, period.first_day)) AS file_sha256
    FROM latest_report_value
    INNER JOIN plan_period AS period ON latest_report_value.period = period.id
    WHERE period.last_day < $last_day
    GROUP BY latest_report_value.unit_code, latest_report_value.report_type
)

SELECT latest_report_value.*
FROM latest_report_value
INNER JOIN earlier ON latest_report_value.file_sha256 = earlier.file_sha256
ORDER BY latest_report_value.unit_code, latest_report_value.report_type, latest_report_value.item_code;
