-- Verdicts behind the period: those of its consolidation and those of the submissions that were not withdrawn, nor
-- replaced by a later accepted round of the same report.
SELECT *
FROM rule_result
WHERE
    (file_sha256 IS NULL AND period = $period)
    OR file_sha256 IN (
        SELECT submission.file_sha256
        FROM submission
        WHERE
            NOT submission.is_withdrawn
            AND (
                (
                    submission.period = $period
                    AND NOT EXISTS (
                        SELECT 1
                        FROM submission AS later
                        WHERE
                            later.is_in_force
                            AND later.period = submission.period
                            AND later.unit_code = submission.unit_code
                            AND later.report_type = submission.report_type
                            AND (later.officially_received_on, later.committed_seq)
                            > (submission.officially_received_on, submission.committed_seq)
                    )
                )
                OR (
                    submission.kind = 'dossier_log'
                    AND submission.window_first_day <= $last_day
                    AND submission.window_last_day >= $first_day
                )
            )
    );
