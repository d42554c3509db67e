-- Submissions that can say anything about the period to indicators of a source; none means "no data", which is not "no
-- cases". The plan itself, and what it expects, are always known.
SELECT '' AS number
WHERE $source IN ('plan', 'reporting')
UNION ALL
SELECT number
FROM submission
WHERE
    is_in_force
    AND CASE $source
        WHEN 'dossier'
            THEN kind = 'dossier_log' AND window_first_day <= $last_day AND window_last_day >= $first_day
        WHEN 'task' THEN file_sha256 IN (SELECT task_state.file_sha256 FROM task_state)
        ELSE
            kind = 'unit_report'
            AND period = $period
            AND file_sha256 IN (SELECT report_value.file_sha256 FROM report_value)
    END
ORDER BY number;
