-- Targets of the department that are missed.
SELECT
    '' AS unit_code,
    result.target_id AS subject,
    result.indicator_id AS column_name,
    figure.numerator::VARCHAR || '/' || figure.denominator::VARCHAR AS shown_value
FROM target_result AS result
LEFT JOIN figure
    ON
        result.indicator_id = figure.indicator_id
        AND figure.unit_code = ''
        AND result.dimension = figure.dimension
        AND result.dimension_value = figure.dimension_value
WHERE result.status = 'missed'
ORDER BY subject;
