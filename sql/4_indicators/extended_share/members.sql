-- Dossiers resolved in the period, and those that were given a later date.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    is_extended::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved
ORDER BY unit_code, member_key;
