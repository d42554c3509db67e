-- A pending dossier that a later export should hold and does not: it stays pending.
SELECT
    coalesce(latest.handling_office, '') AS unit_code,
    latest.dossier_code AS subject,
    latest.file_sha256,
    latest.sheet,
    latest.row,
    'vắng trong ' || min(covering.number) AS expected
FROM dossier_version AS latest
INNER JOIN submission AS covering
    ON
        covering.kind = 'dossier_log'
        AND covering.is_in_force
        AND covering.exported_at > latest.exported_at
        AND (
            covering.coverage IN ('active_in_window', 'full_snapshot')
            OR latest.received_at::DATE BETWEEN covering.window_first_day AND covering.window_last_day
        )
WHERE latest.recency = 1 AND latest.finished_at IS NULL AND covering.window_last_day >= latest.received_at::DATE
GROUP BY latest.handling_office, latest.dossier_code, latest.file_sha256, latest.sheet, latest.row
ORDER BY unit_code, subject;
