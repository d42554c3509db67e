-- Logs exported before the period ended, where no later export shows how it ended.
SELECT
    '' AS unit_code,
    'dossier_log' AS subject,
    arg_max(file_sha256, (exported_at, committed_seq)) AS file_sha256,
    max(exported_at)::VARCHAR AS shown_value,
    '> ' || $last_day::VARCHAR AS expected
FROM submission
WHERE
    kind = 'dossier_log'
    AND is_in_force
    AND window_first_day <= $last_day
    AND window_last_day >= $first_day
    -- as_of is the period's last day only where the period is over
    AND $as_of >= $last_day
HAVING max(exported_at)::DATE <= $last_day;
