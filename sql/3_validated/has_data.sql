-- Submissions in force that can say anything about the period; none means "no data", which is not "no cases".
SELECT number
FROM submission
WHERE
    is_in_force
    AND CASE
        WHEN $source = 'dossier'
            THEN kind = 'dossier_log' AND window_first_day <= $last_day AND window_last_day >= $first_day
        ELSE kind = 'unit_report' AND period = $period
    END
ORDER BY number;
