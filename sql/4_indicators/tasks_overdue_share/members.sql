-- Tasks of the plan with a stated day that were due or done, and those overdue.
SELECT
    *,
    lead AS unit_code,
    concat_ws(' ', task_id, last_day_on) AS member_key,
    (state = 'overdue')::INTEGER AS numerator,
    1 AS denominator
FROM task_state
WHERE state IN ('done_on_time', 'done_late', 'overdue')
ORDER BY unit_code, member_key;
