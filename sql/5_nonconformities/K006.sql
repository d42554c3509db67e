-- Tasks whose day done in the latest report differs from the one that the report before it gave.
WITH earlier AS (
    SELECT
        task_id,
        due_on,
        arg_max(done_on, said_by) AS done_on
    FROM task_report
    WHERE recency > 1 AND done_on IS NOT NULL
    GROUP BY task_id, due_on
)

SELECT
    state.lead AS unit_code,
    state.task_id AS subject,
    state.file_sha256,
    state.sheet,
    state.row,
    strftime(state.done_on, '%d/%m/%Y') AS shown_value,
    strftime(earlier.done_on, '%d/%m/%Y') AS expected
FROM task_state AS state
INNER JOIN earlier ON state.task_id = earlier.task_id AND state.last_day_on IS NOT DISTINCT FROM earlier.due_on
WHERE state.done_on <> earlier.done_on
ORDER BY unit_code, subject, state.last_day_on;
