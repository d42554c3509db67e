-- What the reports of the plan's tasks said by the period's end, each row with the end of the period that its report is
-- about. Of several reports about periods that end alike the latest counts; `recency` 1 is the report that decides.
WITH counted AS (
    SELECT
        period.last_day AS said_by,
        arg_max(submission.file_sha256, (submission.officially_received_on, submission.committed_seq)) AS file_sha256
    FROM submission
    INNER JOIN plan_period AS period ON submission.period = period.id
    INNER JOIN plan_report_type ON submission.report_type = plan_report_type.id
    WHERE
        plan_report_type.tasks = 'plan'
        AND submission.is_in_force
        AND period.last_day <= $last_day
    GROUP BY period.last_day
)

SELECT
    counted.said_by,
    dense_rank() OVER (ORDER BY counted.said_by DESC) AS recency,
    report_task.file_sha256,
    report_task.sheet,
    report_task.row,
    report_task.cell,
    report_task.task_code AS task_id,
    report_task.due_on,
    report_task.done_on,
    report_task.evidence
FROM counted
LEFT JOIN report_task ON counted.file_sha256 = report_task.file_sha256
ORDER BY recency, task_id, due_on, row;
