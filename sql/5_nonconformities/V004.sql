-- Reports in which every figure is that of another unit's report of the same period. Zeros may well agree, so at least
-- $figures counts or amounts must be above zero.
SELECT
    reported.unit_code,
    reported.report_type AS subject,
    reported.file_sha256,
    other.unit_code AS shown_value
FROM report_value_in_force AS reported
INNER JOIN report_value_in_force AS other
    ON
        reported.report_type = other.report_type
        AND reported.item_code = other.item_code
        AND reported.unit_code <> other.unit_code
INNER JOIN plan_report_item AS item ON reported.report_type = item.report_type AND reported.item_code = item.code
GROUP BY reported.unit_code, reported.report_type, reported.file_sha256, other.unit_code
HAVING
    bool_and(reported.value IS NOT DISTINCT FROM other.value)
    AND count(*) FILTER (item.type IN ('count', 'amount') AND reported.value > 0) >= $figures
ORDER BY reported.unit_code, subject, shown_value;
