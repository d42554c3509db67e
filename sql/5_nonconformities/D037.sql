-- Overdue, resolved or pending, without an apology letter by the period's last day. A log that has no column for the
-- letter says nothing about it: its rule D025 was not evaluated.
SELECT
    state.handling_office AS unit_code,
    state.dossier_code AS subject,
    state.file_sha256,
    state.sheet,
    state.row,
    'apology_at' AS column_name,
    coalesce(state.finished_on::VARCHAR, 'chưa xong') AS shown_value,
    'thư xin lỗi trước ' || state.due_on AS expected
FROM dossier_state AS state
WHERE
    (state.is_resolved_overdue OR state.is_pending_overdue)
    AND NOT state.has_apology
    AND EXISTS (
        SELECT 1
        FROM submission_result AS result
        WHERE
            result.rule_id = 'D025'
            AND result.outcome <> 'not_evaluated'
            AND result.file_sha256 = state.file_sha256
    )
ORDER BY unit_code, subject;
