-- Dossiers pending at the end of the period, and the working days since each was received.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    pending_working_days AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_pending AND pending_working_days IS NOT NULL
ORDER BY unit_code, member_key;
