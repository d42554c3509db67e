-- Every submission that bears on the period: what was read and what became of it. read = accepted + rejected + ignored.
SELECT
    number AS submission,
    kind,
    file_sha256,
    sender,
    unit_code,
    officially_received_on,
    recorded_on,
    state,
    is_blank,
    is_withdrawn,
    read_count,
    accepted_count,
    rejected_count,
    ignored_count
FROM submission
WHERE
    period = $period
    OR (kind = 'dossier_log' AND window_first_day <= $last_day AND window_last_day >= $first_day)
    -- a rejected file that does not say of which period it is: of that in which it came
    OR (
        state = 'rejected'
        AND period IS NULL
        AND window_first_day IS NULL
        AND officially_received_on BETWEEN $first_day AND $last_day
    )
ORDER BY number;
