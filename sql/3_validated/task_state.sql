-- What became of every task of the plan by $as_of, once for each time that it is due, as the latest report of the plan's
-- tasks says. A task without a stated day is done or open; it is never late.
WITH reported AS (
    SELECT
        file_sha256,
        sheet,
        row,
        cell,
        task_id,
        due_on,
        evidence,
        -- what a report promises for after the period is not done in it
        CASE WHEN done_on <= $last_day THEN done_on END AS done_on
    FROM task_report
    WHERE recency = 1
)

SELECT
    $period AS period,
    due.task_id,
    due.occurrence,
    due.area,
    due.lead,
    due.schedule_kind,
    due.last_day_on,
    reported.done_on,
    reported.evidence,
    CASE
        WHEN due.last_day_on IS NULL THEN CASE WHEN reported.done_on IS NULL THEN 'open' ELSE 'done' END
        WHEN reported.done_on <= due.last_day_on THEN 'done_on_time'
        WHEN reported.done_on IS NOT NULL THEN 'done_late'
        WHEN due.last_day_on <= $as_of THEN 'overdue'
        ELSE 'not_due'
    END AS state,
    reported.file_sha256,
    reported.sheet,
    reported.row,
    reported.cell
FROM plan_task_due AS due
LEFT JOIN reported ON due.task_id = reported.task_id AND due.last_day_on IS NOT DISTINCT FROM reported.due_on
ORDER BY due.task_id, due.occurrence;
