-- One row per dossier resolved in the period; their sums are the figure.
SELECT
    handling_office AS unit_code,
    dossier_code AS member_key,
    file_sha256,
    sheet,
    row,
    rows,
    NULL AS cell,
    coalesce(channel = 'online', false)::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved AND is_announced_online
ORDER BY unit_code, member_key;
