-- Overdue dossiers, resolved or pending, and those with an apology letter.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    has_apology::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved_overdue OR is_pending_overdue
ORDER BY unit_code, member_key;
