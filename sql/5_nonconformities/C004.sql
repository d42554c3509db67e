-- Resolved in the period, on a day off.
SELECT
    state.handling_office AS unit_code,
    state.dossier_code AS subject,
    state.file_sha256,
    state.sheet,
    state.row,
    'finished_at' AS column_name,
    state.finished_on::VARCHAR AS shown_value
FROM dossier_state AS state
INNER JOIN plan_day AS day ON state.finished_on = day.day
WHERE state.is_resolved AND NOT day.is_working
ORDER BY unit_code, subject;
