-- Tasks of the plan that were done after their last day.
SELECT
    lead AS unit_code,
    task_id AS subject,
    file_sha256,
    sheet,
    row,
    strftime(done_on, '%d/%m/%Y') AS shown_value,
    strftime(last_day_on, '%d/%m/%Y') AS expected
FROM task_state
WHERE state = 'done_late'
ORDER BY unit_code, subject, last_day_on;
