-- Logs in force that touch the period and over which a rule was evaluated: they have the columns that it needs.
SELECT submission.number
FROM submission
WHERE
    submission.is_in_force
    AND submission.kind = 'dossier_log'
    AND submission.window_first_day <= $last_day
    AND submission.window_last_day >= $first_day
    AND EXISTS (
        SELECT 1
        FROM submission_result AS result
        WHERE
            result.rule_id = $row_rule
            AND result.outcome <> 'not_evaluated'
            AND result.file_sha256 = submission.file_sha256
    )
ORDER BY submission.number;
