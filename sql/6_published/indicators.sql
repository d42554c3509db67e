-- Figures of the department and its units, with the target that each answers to.
SELECT
    figure.period,
    figure.indicator_id,
    indicator.name_vi AS indicator_name_vi,
    indicator.name_en AS indicator_name_en,
    figure.unit_code,
    unit.name_vi AS unit_name_vi,
    figure.numerator,
    figure.denominator,
    CASE WHEN figure.status = 'final' THEN (figure.numerator / figure.denominator)::DECIMAL(18, 6) END AS share,
    figure.status,
    target.target_id,
    target.comparison,
    target.threshold,
    figure.target_status
FROM figure
INNER JOIN plan_indicator AS indicator ON figure.indicator_id = indicator.id
LEFT JOIN plan_unit AS unit ON figure.unit_code = unit.code
LEFT JOIN plan_target AS target ON figure.indicator_id = target.indicator_id AND figure.unit_code = ''
ORDER BY figure.indicator_id, figure.unit_code;
