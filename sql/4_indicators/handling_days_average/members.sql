-- Dossiers resolved in the period with a result, and the working days that each took.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    handling_working_days AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved AND NOT is_withdrawn AND handling_working_days IS NOT NULL
ORDER BY unit_code, member_key;
