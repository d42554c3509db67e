-- Dossiers resolved in the period, and those whose citizen was asked for a supplement.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    is_supplemented::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved
ORDER BY unit_code, member_key;
