-- Every task of the plan, once for each time that it is due, and what became of it by the end of the period.
SELECT
    state.period,
    state.task_id,
    state.occurrence,
    state.area,
    area.name_vi AS area_name_vi,
    area.name_en AS area_name_en,
    task.task_vi,
    task.product_vi,
    task.schedule_vi,
    state.schedule_kind,
    state.lead,
    unit.name_vi AS lead_name_vi,
    task.assignment_vi,
    state.last_day_on,
    state.done_on,
    state.state,
    coalesce(state.evidence, '') AS evidence,
    task.basis
FROM task_state AS state
INNER JOIN plan_task AS task ON state.task_id = task.id
INNER JOIN plan_area AS area ON state.area = area.id
LEFT JOIN plan_unit AS unit ON state.lead = unit.code
-- I.2 stands before I.10.
ORDER BY state.area, length(state.task_id), state.task_id, state.occurrence;
