-- Received in the period with a due date on a day off: a limit never ends there.
SELECT
    state.handling_office AS unit_code,
    state.dossier_code AS subject,
    state.file_sha256,
    state.sheet,
    state.row,
    'due_at' AS column_name,
    state.original_due_on::VARCHAR AS shown_value
FROM dossier_state AS state
INNER JOIN plan_day AS day ON state.original_due_on = day.day
WHERE state.is_received_in_period AND NOT day.is_working
ORDER BY unit_code, subject;
