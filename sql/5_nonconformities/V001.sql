-- Accumulating items that are less than in a period within this one: 6 tháng below quý I, năm below quý III.
SELECT
    reported.unit_code,
    reported.item_code AS subject,
    reported.file_sha256,
    reported.sheet,
    reported.row,
    item.name_vi AS column_name,
    regexp_replace(reported.value::VARCHAR, '\.?0+$', '') AS shown_value,
    '>= ' || regexp_replace(max(within.value)::VARCHAR, '\.?0+$', '') || ' ('
    || arg_max(within.period, (within.value, within.period)) || ')' AS expected
FROM report_value_in_force AS reported
INNER JOIN plan_report_item AS item
    ON reported.report_type = item.report_type AND reported.item_code = item.code AND item.accumulates
INNER JOIN latest_report_value AS within
    ON
        reported.unit_code = within.unit_code
        AND reported.report_type = within.report_type
        AND reported.item_code = within.item_code
        AND reported.value < within.value
INNER JOIN plan_period AS period
    ON within.period = period.id AND period.first_day >= $first_day AND period.last_day <= $last_day
WHERE within.period <> $period
GROUP BY
    reported.unit_code, reported.item_code, reported.file_sha256, reported.sheet, reported.row, item.name_vi,
    reported.value
ORDER BY reported.unit_code, subject;
