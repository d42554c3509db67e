-- Accumulating items that are less than the reported periods within this one together: năm below 6 tháng + quý III.
WITH within_values AS (
    SELECT
        latest_report_value.*,
        period.first_day,
        period.last_day
    FROM latest_report_value
    INNER JOIN plan_period AS period ON latest_report_value.period = period.id
    WHERE period.id <> $period AND period.first_day >= $first_day AND period.last_day <= $last_day
),

-- a quarter that the half-year already holds is not counted again
parts AS (
    SELECT within_values.*
    FROM within_values
    ANTI JOIN within_values AS wider
        ON
            within_values.unit_code = wider.unit_code
            AND within_values.report_type = wider.report_type
            AND within_values.item_code = wider.item_code
            AND within_values.period <> wider.period
            AND within_values.first_day >= wider.first_day
            AND within_values.last_day <= wider.last_day
)

SELECT
    reported.unit_code,
    reported.item_code AS subject,
    reported.file_sha256,
    reported.sheet,
    reported.row,
    item.name_vi AS column_name,
    regexp_replace(reported.value::VARCHAR, '\.?0+$', '') AS shown_value,
    '>= ' || string_agg(regexp_replace(parts.value::VARCHAR, '\.?0+$', ''), ' + ' ORDER BY parts.first_day)
    || ' (' || string_agg(parts.period, ' + ' ORDER BY parts.first_day) || ')' AS expected
FROM report_value_in_force AS reported
INNER JOIN plan_report_item AS item
    ON reported.report_type = item.report_type AND reported.item_code = item.code AND item.accumulates
INNER JOIN parts
    ON
        reported.unit_code = parts.unit_code
        AND reported.report_type = parts.report_type
        AND reported.item_code = parts.item_code
GROUP BY
    reported.unit_code, reported.item_code, reported.file_sha256, reported.sheet, reported.row, item.name_vi,
    reported.value
-- where one of them alone is more, V001 says so
HAVING sum(parts.value) > reported.value AND max(parts.value) <= reported.value
ORDER BY reported.unit_code, subject;
