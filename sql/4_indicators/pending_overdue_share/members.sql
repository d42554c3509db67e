-- Dossiers pending at the end of the period, and those overdue by then.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    is_pending_overdue::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_pending
ORDER BY unit_code, member_key;
