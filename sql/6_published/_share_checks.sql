-- The figures that are shares, for the gate.
SELECT
    figure.indicator_id,
    figure.unit_code,
    figure.dimension,
    figure.dimension_value,
    (figure.numerator / figure.denominator)::DOUBLE AS value
FROM figure
INNER JOIN plan_indicator AS indicator ON figure.indicator_id = indicator.id
WHERE figure.status = 'final' AND indicator.unit_of_measure = '%'
ORDER BY ALL;
