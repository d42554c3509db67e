-- Verdicts behind the period: those of its consolidation and those of the submissions that were not withdrawn.
SELECT *
FROM rule_result
WHERE
    period = $period
    OR file_sha256 IN (
        SELECT submission.file_sha256
        FROM submission
        WHERE
            NOT submission.is_withdrawn
            AND (
                submission.period = $period
                OR (
                    submission.kind = 'dossier_log'
                    AND submission.window_first_day <= $last_day
                    AND submission.window_last_day >= $first_day
                )
            )
    );
