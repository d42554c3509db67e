-- Who owed what for the period, and what came.
SELECT
    expected.period,
    expected.report_type,
    report_type.name_vi AS report_name_vi,
    expected.unit_code,
    unit.name_vi AS unit_name_vi,
    expected.last_day_on,
    expected.state,
    expected.submission,
    expected.officially_received_on,
    expected.recorded_on,
    -- submissions of this report, whatever became of them
    expected.round_count,
    expected.is_first_time_right,
    expected.submission_at_due,
    expected.submission_in_force,
    -- calendar days from the first that came to the first that was accepted
    expected.days_to_acceptance
FROM expected_report AS expected
INNER JOIN plan_report_type AS report_type ON expected.report_type = report_type.id
INNER JOIN plan_unit AS unit ON expected.unit_code = unit.code
ORDER BY expected.report_type, expected.unit_code;
