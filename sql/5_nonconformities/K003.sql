-- Tasks of the plan that are done, and no document shows it.
SELECT
    lead AS unit_code,
    task_id AS subject,
    file_sha256,
    sheet,
    row,
    strftime(done_on, '%d/%m/%Y') AS shown_value
FROM task_state
WHERE done_on IS NOT NULL AND trim(coalesce(evidence, '')) = ''
ORDER BY unit_code, subject, last_day_on;
