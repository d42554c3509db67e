-- Dossiers resolved in the period of procedures announced online, and those filed online.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    coalesce(channel = 'online', false)::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved AND is_announced_online
ORDER BY unit_code, member_key;
