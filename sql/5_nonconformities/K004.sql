-- Tasks are due, and no report on the plan's tasks is in force.
SELECT
    '' AS unit_code,
    strftime(min(last_day_on), '%d/%m/%Y') AS expected
FROM task_state
WHERE last_day_on <= $as_of AND NOT EXISTS (SELECT 1 FROM task_report)
HAVING count(*) > 0;
