-- Units whose own figure, from their own report, misses every way of a target that the department must meet.
WITH answered AS (
    SELECT
        figure.unit_code,
        way.target_id,
        figure.indicator_id,
        figure.numerator,
        figure.denominator,
        way.comparison,
        way.threshold,
        CASE way.comparison
            WHEN '=' THEN figure.numerator = way.threshold * figure.denominator
            WHEN '>' THEN figure.numerator > way.threshold * figure.denominator
            WHEN '>=' THEN figure.numerator >= way.threshold * figure.denominator
            WHEN '<' THEN figure.numerator < way.threshold * figure.denominator
            WHEN '<=' THEN figure.numerator <= way.threshold * figure.denominator
        END AS is_met
    FROM figure
    INNER JOIN plan_indicator AS indicator ON figure.indicator_id = indicator.id AND indicator.source = 'report'
    INNER JOIN plan_target_way AS way
        ON
            figure.indicator_id = way.indicator_id
            AND figure.dimension = way.dimension
            AND figure.dimension_value = way.dimension_value
    WHERE figure.unit_code <> '' AND figure.status = 'final' AND way.threshold IS NOT NULL
)

SELECT
    unit_code,
    target_id AS subject,
    min(indicator_id) AS column_name,
    string_agg(
        regexp_replace(numerator::VARCHAR, '\.?0+$', '') || '/' || regexp_replace(denominator::VARCHAR, '\.?0+$', ''),
        '; ' ORDER BY indicator_id
    ) AS shown_value,
    string_agg(comparison || ' ' || regexp_replace(threshold::VARCHAR, '\.?0+$', ''), '; ' ORDER BY indicator_id)
        AS expected
FROM answered
GROUP BY unit_code, target_id
HAVING NOT bool_or(is_met)
ORDER BY unit_code, subject;
