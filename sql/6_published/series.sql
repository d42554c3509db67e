-- The department's figures of each flow period up to this one that was consolidated so far: what a line over the year
-- shows. Every indicator has a row in each of these periods, without a value where the period has none.
WITH told AS (
    SELECT DISTINCT figure.period
    FROM period_figure AS figure
),

whole AS (
    SELECT figure.*
    FROM period_figure AS figure
    WHERE figure.unit_code = '' AND figure.dimension = ''
)

SELECT
    period.id AS period,
    period.name_vi AS period_name_vi,
    indicator.id AS indicator_id,
    indicator.name_vi AS indicator_name_vi,
    indicator.name_en AS indicator_name_en,
    indicator.unit_of_measure,
    whole.numerator,
    whole.denominator,
    CASE WHEN whole.status = 'final' THEN (whole.numerator / whole.denominator)::DECIMAL(18, 6) END AS value,
    coalesce(whole.status, 'no_data') AS status
FROM plan_indicator AS indicator
CROSS JOIN told
INNER JOIN plan_period AS period ON told.period = period.id
LEFT JOIN whole ON period.id = whole.period AND indicator.id = whole.indicator_id
WHERE indicator.kind <> 'composite'
ORDER BY indicator.id, period.first_day;
