-- The values of the latest accepted report of each unit, report type and period.
SELECT report_value.*
FROM report_value
INNER JOIN (
    SELECT arg_max(file_sha256, (officially_received_on, committed_seq)) AS file_sha256
    FROM submission
    WHERE kind = 'unit_report' AND is_in_force
    GROUP BY unit_code, report_type, period
) AS latest ON report_value.file_sha256 = latest.file_sha256
ORDER BY report_value.period, report_value.unit_code, report_value.report_type, report_value.item_code;
