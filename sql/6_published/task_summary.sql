-- The plan's tasks by area and lead. Every time that a task is due stands in exactly one of the counts from
-- done_on_time_count to without_day_count; a lack of evidence is counted beside them.
SELECT
    state.period,
    state.area,
    area.name_vi AS area_name_vi,
    area.name_en AS area_name_en,
    state.lead,
    unit.name_vi AS lead_name_vi,
    count(DISTINCT state.task_id) AS task_count,
    count(*) AS occurrence_count,
    count_if(state.state = 'done_on_time') AS done_on_time_count,
    count_if(state.state = 'done_late') AS done_late_count,
    count_if(state.state = 'overdue') AS overdue_count,
    count_if(state.state = 'not_due') AS not_due_count,
    count_if(state.last_day_on IS NULL) AS without_day_count,
    count_if(state.state IN ('done_on_time', 'done_late', 'done') AND trim(coalesce(state.evidence, '')) = '')
        AS without_evidence_count
FROM task_state AS state
INNER JOIN plan_area AS area ON state.area = area.id
LEFT JOIN plan_unit AS unit ON state.lead = unit.code
GROUP BY ALL
ORDER BY state.area, state.lead;
