-- Tasks of the plan whose last day has passed, and no report says that they are done.
SELECT
    lead AS unit_code,
    task_id AS subject,
    file_sha256,
    sheet,
    row,
    strftime(last_day_on, '%d/%m/%Y') AS expected
FROM task_state
WHERE state = 'overdue'
ORDER BY unit_code, subject, last_day_on;
