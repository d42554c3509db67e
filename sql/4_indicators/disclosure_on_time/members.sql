-- Units that answer the question on disclosure, and those that answer yes (1; no is 0).
SELECT
    *,
    unit_code || ' A6.3' AS member_key,
    "row"::VARCHAR AS rows,
    value AS numerator,
    1 AS denominator
FROM report_value_in_force
WHERE item_code = 'A6.3' AND value IS NOT NULL
ORDER BY unit_code;
