-- Of how many members each figure of an indicator was made: of the department, by office or unit, and by dimension.
WITH placed AS (
    SELECT indicator_id, '' AS dimension, '' AS dimension_value
    FROM indicator_member
    UNION ALL
    SELECT indicator_id, 'unit' AS dimension, unit_code AS dimension_value
    FROM indicator_member
    WHERE unit_code <> ''
    UNION ALL
    SELECT member.indicator_id, member.dimension, coalesce(member.dimension_value, '') AS dimension_value
    FROM indicator_member
    UNPIVOT INCLUDE NULLS (
        dimension_value FOR dimension IN (field, procedure_code, channel, age_class, area, report_type)
    ) AS member
)

SELECT indicator_id, dimension, dimension_value, count(*) AS member_count
FROM placed
GROUP BY indicator_id, dimension, dimension_value
ORDER BY indicator_id, dimension, dimension_value;
