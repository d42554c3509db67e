-- Who owed what for the period, and what came. The first accepted, filled-in submission decides whether it was in time.
WITH candidate AS (
    SELECT
        expected.report_type,
        expected.unit_code,
        expected.last_day_on,
        submission.number,
        submission.file_sha256,
        submission.officially_received_on,
        submission.recorded_on,
        submission.committed_seq,
        submission.is_in_force AS is_accepted
    FROM expectation AS expected
    LEFT JOIN submission
        ON
            NOT submission.is_withdrawn
            AND CASE
                WHEN expected.report_type = 'dossier_log'
                    THEN
                        submission.kind = 'dossier_log'
                        AND submission.window_first_day <= $first_day
                        AND submission.window_last_day >= $last_day
                ELSE
                    submission.kind = 'unit_report'
                    AND submission.period = $period
                    AND submission.unit_code = expected.unit_code
            END
),

chosen AS (
    SELECT
        report_type,
        unit_code,
        last_day_on,
        count(number) AS submission_count,
        arg_min(
            struct_pack(number, file_sha256, officially_received_on, recorded_on), (officially_received_on, committed_seq)
        ) FILTER (WHERE is_accepted) AS accepted,
        arg_max(
            struct_pack(number, file_sha256, officially_received_on, recorded_on), (officially_received_on, committed_seq)
        ) FILTER (WHERE NOT is_accepted) AS refused
    FROM candidate
    GROUP BY report_type, unit_code, last_day_on
)

SELECT
    $period AS period,
    report_type,
    unit_code,
    last_day_on,
    CASE
        WHEN accepted.officially_received_on <= last_day_on THEN 'on_time'
        WHEN accepted.officially_received_on > last_day_on THEN 'late'
        WHEN submission_count > 0 THEN 'rejected'
        WHEN $today <= last_day_on THEN 'not_due'
        ELSE 'missing'
    END AS state,
    coalesce(accepted.number, refused.number) AS submission,
    coalesce(accepted.file_sha256, refused.file_sha256) AS file_sha256,
    coalesce(accepted.officially_received_on, refused.officially_received_on) AS officially_received_on,
    coalesce(accepted.recorded_on, refused.recorded_on) AS recorded_on
FROM chosen
ORDER BY report_type, unit_code;
