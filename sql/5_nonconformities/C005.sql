-- Days that the clock of a dossier needs and that lie beyond the calendar: receipt, end, and the end of the limit that
-- began with a receipt in the period.
WITH bounds AS (
    SELECT min(day) AS first_day, max(day) AS last_day, max(ordinal) AS last_ordinal FROM plan_day
),

limited AS (
    SELECT
        state.*,
        procedure.limit_unit,
        ceil(procedure.limit_value / CASE procedure.limit_unit WHEN 'hour' THEN 8 ELSE 1 END)::INTEGER AS limit_days
    FROM dossier_state AS state
    INNER JOIN plan_procedure AS procedure ON state.procedure_code = procedure.code
    WHERE state.is_received_in_period AND NOT state.is_supplemented AND procedure.limit_unit <> 'immediate'
),

needed AS (
    SELECT dossier_code, file_sha256, sheet, row, 'received_at' AS column_name, received_on::VARCHAR AS shown_value
    FROM dossier_state, bounds
    WHERE received_on NOT BETWEEN bounds.first_day AND bounds.last_day
    UNION ALL
    SELECT dossier_code, file_sha256, sheet, row, 'finished_at' AS column_name, finished_on::VARCHAR AS shown_value
    FROM dossier_state, bounds
    WHERE is_resolved AND finished_on NOT BETWEEN bounds.first_day AND bounds.last_day
    UNION ALL
    SELECT
        limited.dossier_code,
        limited.file_sha256,
        limited.sheet,
        limited.row,
        'due_at' AS column_name,
        limited.received_on || ' + ' || limited.limit_days AS shown_value
    FROM limited
    CROSS JOIN bounds
    INNER JOIN plan_day AS received ON limited.received_on = received.day
    WHERE
        CASE limited.limit_unit
            WHEN 'calendar_day' THEN limited.received_on + limited.limit_days > bounds.last_day
            ELSE received.ordinal + limited.limit_days > bounds.last_ordinal
        END
)

SELECT
    '' AS unit_code,
    needed.dossier_code AS subject,
    needed.file_sha256,
    needed.sheet,
    needed.row,
    needed.column_name,
    needed.shown_value,
    bounds.first_day || '..' || bounds.last_day AS expected
FROM needed
CROSS JOIN bounds
ORDER BY subject, column_name;
