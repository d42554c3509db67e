-- Procedures eligible for online service, and those announced at level 3 or 4.
SELECT
    *,
    office AS unit_code,
    code AS member_key,
    code AS procedure_code,
    is_announced_online::INTEGER AS numerator,
    1 AS denominator
FROM plan_procedure
WHERE is_eligible_online
ORDER BY unit_code, member_key;
