-- Every figure as sums over its members: of the department, by office or unit, and by each of its own dimensions.
-- A quantile has one of its members' values (the smallest that at least that share of them does not exceed). What a member
-- does not say of its own dimension is the blank value there, so that every breakdown adds up to the whole.
WITH placed AS (
    SELECT indicator_id, numerator, denominator, '' AS unit_code, '' AS dimension, '' AS dimension_value
    FROM indicator_member
    UNION ALL
    SELECT indicator_id, numerator, denominator, unit_code, '' AS dimension, '' AS dimension_value
    FROM indicator_member
    WHERE unit_code <> ''
    UNION ALL
    SELECT
        member.indicator_id,
        member.numerator,
        member.denominator,
        '' AS unit_code,
        member.dimension,
        coalesce(member.dimension_value, '') AS dimension_value
    FROM indicator_member
    UNPIVOT INCLUDE NULLS (
        dimension_value FOR dimension IN (field, procedure_code, channel, age_class, area, report_type)
    ) AS member
    INNER JOIN plan_dimension AS dimension
        ON member.indicator_id = dimension.indicator_id AND member.dimension = dimension.dimension
)

SELECT
    placed.indicator_id,
    placed.unit_code,
    placed.dimension,
    placed.dimension_value,
    CASE
        WHEN indicator.quantile IS NULL THEN sum(placed.numerator)
        -- rank = ceil(q * n), exact: a quantile is a decimal, and so is this product
        ELSE list_sort(
            list(placed.numerator) FILTER (WHERE indicator.quantile IS NOT NULL)
        )[ceil(indicator.quantile * count(*))::BIGINT]
    END AS numerator,
    CASE WHEN indicator.quantile IS NULL THEN sum(placed.denominator) ELSE 1 END AS denominator
FROM placed
INNER JOIN plan_indicator AS indicator ON placed.indicator_id = indicator.id
GROUP BY placed.indicator_id, placed.unit_code, placed.dimension, placed.dimension_value, indicator.quantile
ORDER BY placed.indicator_id, placed.unit_code, placed.dimension, placed.dimension_value;
