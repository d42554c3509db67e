-- Reports in which every figure is that of the unit's report before. Zeros may well come back, so at least $figures counts
-- or amounts must be above zero.
SELECT
    reported.unit_code,
    reported.report_type AS subject,
    reported.file_sha256,
    earlier.period AS shown_value
FROM report_value_in_force AS reported
INNER JOIN report_value_before AS earlier
    ON
        reported.unit_code = earlier.unit_code
        AND reported.report_type = earlier.report_type
        AND reported.item_code = earlier.item_code
INNER JOIN plan_report_item AS item ON reported.report_type = item.report_type AND reported.item_code = item.code
GROUP BY reported.unit_code, reported.report_type, reported.file_sha256, earlier.period
HAVING
    bool_and(reported.value IS NOT DISTINCT FROM earlier.value)
    AND count(*) FILTER (item.type IN ('count', 'amount') AND reported.value > 0) >= $figures
ORDER BY reported.unit_code, subject;
