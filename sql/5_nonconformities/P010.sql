-- Reports of the period that came nearer to the last day of another period whose report had not come by then.
SELECT
    submission.unit_code,
    submission.report_type AS subject,
    submission.file_sha256,
    submission.officially_received_on::VARCHAR AS shown_value,
    arg_min(other.period, abs(submission.officially_received_on - other.last_day_on)) AS expected
FROM submission
INNER JOIN plan_report_due AS due
    ON submission.report_type = due.report_type AND submission.period = due.period
INNER JOIN plan_report_due AS other
    ON
        submission.report_type = other.report_type
        AND submission.period <> other.period
        AND abs(submission.officially_received_on - other.last_day_on)
        < abs(submission.officially_received_on - due.last_day_on)
ANTI JOIN submission AS earlier
    ON
        submission.unit_code = earlier.unit_code
        AND submission.report_type = earlier.report_type
        AND other.period = earlier.period
        AND submission.officially_received_on >= earlier.officially_received_on
        AND earlier.is_in_force
WHERE submission.kind = 'unit_report' AND submission.period = $period AND NOT submission.is_withdrawn
GROUP BY submission.unit_code, submission.report_type, submission.file_sha256, submission.officially_received_on
ORDER BY submission.unit_code, subject, shown_value;
