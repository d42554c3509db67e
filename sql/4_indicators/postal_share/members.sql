-- Dossiers received in the period, and those that came by the public postal service.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    coalesce(channel = 'postal', false)::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_received_in_period
ORDER BY unit_code, member_key;
