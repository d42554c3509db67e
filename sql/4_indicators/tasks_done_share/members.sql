-- Tasks of the plan that were due or done, and those done.
SELECT
    *,
    lead AS unit_code,
    concat_ws(' ', task_id, last_day_on) AS member_key,
    (state IN ('done', 'done_on_time', 'done_late'))::INTEGER AS numerator,
    1 AS denominator
FROM task_state
WHERE state NOT IN ('not_due', 'open')
ORDER BY unit_code, member_key;
