-- Tasks of the plan that were done, and those without an evidence document.
SELECT
    *,
    lead AS unit_code,
    concat_ws(' ', task_id, last_day_on) AS member_key,
    (coalesce(trim(evidence), '') = '')::INTEGER AS numerator,
    1 AS denominator
FROM task_state
WHERE state IN ('done', 'done_on_time', 'done_late')
ORDER BY unit_code, member_key;
