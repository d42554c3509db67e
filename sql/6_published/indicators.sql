-- Figures of the department, of its offices and units and of the values of each dimension, with what they are compared
-- with.
SELECT
    figure.period,
    figure.indicator_id,
    indicator.name_vi AS indicator_name_vi,
    indicator.name_en AS indicator_name_en,
    indicator."group" AS indicator_group,
    indicator.unit_of_measure,
    figure.unit_code,
    unit.name_vi AS unit_name_vi,
    figure.dimension,
    figure.dimension_value,
    figure.numerator,
    figure.denominator,
    CASE WHEN figure.status = 'final' THEN (figure.numerator / figure.denominator)::DECIMAL(18, 6) END AS value,
    figure.status,
    figure.before_period,
    CASE
        WHEN figure.before_denominator > 0 THEN (figure.before_numerator / figure.before_denominator)::DECIMAL(18, 6)
    END AS before_value,
    figure.trend,
    figure.year_ago_period,
    CASE
        WHEN figure.year_ago_denominator > 0
            THEN (figure.year_ago_numerator / figure.year_ago_denominator)::DECIMAL(18, 6)
    END AS year_ago_value,
    figure.year_ago_trend,
    figure.is_series_broken,
    CASE WHEN figure.status = 'no_data' THEN 'missing' ELSE label.label END AS label,
    label.coverage_accepted,
    label.coverage_read,
    label.open_nonconformity_count,
    label.waiver_count
FROM figure
INNER JOIN plan_indicator AS indicator ON figure.indicator_id = indicator.id
INNER JOIN figure_label AS label ON indicator.source = label.source AND figure.unit_code = label.unit_code
LEFT JOIN plan_unit AS unit ON figure.unit_code = unit.code
ORDER BY figure.indicator_id, figure.unit_code, figure.dimension, figure.dimension_value;
