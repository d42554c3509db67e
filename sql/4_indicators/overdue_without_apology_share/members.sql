-- Dossiers resolved in the period, and those overdue without an apology letter.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    (is_resolved_overdue AND NOT has_apology)::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved
ORDER BY unit_code, member_key;
