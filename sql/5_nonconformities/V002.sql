-- Counts and amounts that are $outlier_factor times those of the unit's report before, or less than one such part.
-- What accumulates is compared by the day: a half-year holds twice the days of a quarter. Under $small_count counts as
-- that, since small numbers multiply easily.
WITH compared AS (
    SELECT
        reported.unit_code,
        reported.item_code,
        reported.file_sha256,
        reported.sheet,
        reported.row,
        item.name_vi,
        reported.value,
        earlier.value AS earlier_value,
        earlier.period AS earlier_period,
        CASE WHEN item.accumulates THEN $last_day - $first_day + 1 ELSE 1 END AS days,
        CASE WHEN item.accumulates THEN period.last_day - period.first_day + 1 ELSE 1 END AS earlier_days
    FROM report_value_in_force AS reported
    INNER JOIN report_value_before AS earlier
        ON
            reported.unit_code = earlier.unit_code
            AND reported.report_type = earlier.report_type
            AND reported.item_code = earlier.item_code
    INNER JOIN plan_period AS period ON earlier.period = period.id
    INNER JOIN plan_report_item AS item
        ON
            reported.report_type = item.report_type
            AND reported.item_code = item.code
            AND item.type IN ('count', 'amount')
    WHERE reported.value IS NOT NULL AND earlier.value IS NOT NULL
),

scaled AS (
    SELECT
        compared.*,
        greatest(value, $small_count) * earlier_days AS now_by_day,
        greatest(earlier_value, $small_count) * days AS then_by_day
    FROM compared
)

SELECT
    unit_code,
    item_code AS subject,
    file_sha256,
    sheet,
    row,
    name_vi AS column_name,
    regexp_replace(value::VARCHAR, '\.?0+$', '') AS shown_value,
    regexp_replace(earlier_value::VARCHAR, '\.?0+$', '') || ' (' || earlier_period || ')' AS expected
FROM scaled
WHERE now_by_day >= then_by_day * $outlier_factor OR now_by_day * $outlier_factor < then_by_day
ORDER BY unit_code, subject;
