-- Every target of the plan and what became of it.
SELECT
    result.period,
    result.target_id,
    target.text_vi,
    target.text_en,
    target.basis,
    result.indicator_id,
    figure.numerator,
    figure.denominator,
    result.status,
    result.reason
FROM target_result AS result
INNER JOIN plan_target AS target ON result.target_id = target.id
LEFT JOIN figure
    ON
        result.indicator_id = figure.indicator_id
        AND figure.unit_code = ''
        AND result.dimension = figure.dimension
        AND result.dimension_value = figure.dimension_value
ORDER BY result.target_id;
