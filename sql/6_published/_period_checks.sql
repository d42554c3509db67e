-- One row of what the gate asks of the whole period. Nulls mean that there is nothing to compare with.
WITH logs AS (
    SELECT
        sum(read_count - ignored_count) AS offered_count,
        sum(accepted_count) AS accepted_count,
        count_if(read_count <> accepted_count + rejected_count + ignored_count) AS open_account_count
    FROM submission
    WHERE kind = 'dossier_log' AND is_in_force AND window_first_day <= $last_day AND window_last_day >= $first_day
),

reporting AS (
    SELECT
        count_if(state NOT IN ('not_due', 'not_determined')) AS expected_count,
        count_if(state IN ('on_time', 'late', 'provisional')) AS received_count
    FROM expected_report
)

SELECT
    (SELECT count(*) FROM consolidation_breach) AS broken_identity_count,
    logs.open_account_count,
    CASE WHEN logs.offered_count > 0 THEN (logs.accepted_count / logs.offered_count)::DOUBLE END AS accepted_share,
    CASE
        WHEN reporting.expected_count > 0 THEN (reporting.received_count / reporting.expected_count)::DOUBLE
    END AS reporting_share,
    CASE
        WHEN (SELECT sum(received_total) FROM previous_form) > 0
            THEN ((SELECT sum(received_total) FROM form_row) / (SELECT sum(received_total) FROM previous_form))::DOUBLE
    END AS volume_ratio
FROM logs, reporting;
