-- Tasks for which the plan states no day.
SELECT
    '' AS unit_code,
    due.task_id AS subject,
    task.schedule_vi AS shown_value
FROM plan_task_due AS due
INNER JOIN plan_task AS task ON due.task_id = task.id
WHERE due.last_day_on IS NULL
ORDER BY subject;
