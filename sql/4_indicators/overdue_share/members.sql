-- One row per dossier resolved in the period; their sums are the figure.
SELECT
    handling_office AS unit_code,
    dossier_code AS member_key,
    file_sha256,
    sheet,
    row,
    rows,
    NULL AS cell,
    coalesce(is_resolved_overdue, false)::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved
ORDER BY unit_code, member_key;
