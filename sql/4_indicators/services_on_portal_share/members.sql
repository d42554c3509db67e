-- Procedures announced online, and those integrated on the national portal.
SELECT
    *,
    office AS unit_code,
    code AS member_key,
    code AS procedure_code,
    is_on_national_portal::INTEGER AS numerator,
    1 AS denominator
FROM plan_procedure
WHERE is_announced_online
ORDER BY unit_code, member_key;
