-- Days that the clock of a dossier needs and whose days off are not decreed yet: receipt, end, and the end of the limit
-- that began with a receipt in the period.
WITH limited AS (
    SELECT
        state.*,
        procedure.limit_unit,
        ceil(procedure.limit_value / CASE procedure.limit_unit WHEN 'hour' THEN 8 ELSE 1 END)::INTEGER AS limit_days
    FROM dossier_state AS state
    INNER JOIN plan_procedure AS procedure ON state.procedure_code = procedure.code
    WHERE state.is_received_in_period AND NOT state.is_supplemented AND procedure.limit_unit <> 'immediate'
),

needed AS (
    SELECT dossier_code, file_sha256, sheet, row, 'received_at' AS column_name, received_on AS needed_on
    FROM dossier_state
    UNION ALL
    SELECT dossier_code, file_sha256, sheet, row, 'finished_at' AS column_name, finished_on AS needed_on
    FROM dossier_state
    WHERE is_resolved
    UNION ALL
    SELECT
        limited.dossier_code,
        limited.file_sha256,
        limited.sheet,
        limited.row,
        'due_at' AS column_name,
        coalesce(last_day.day, limited.received_on + limited.limit_days) AS needed_on
    FROM limited
    INNER JOIN plan_day AS received ON limited.received_on = received.day
    LEFT JOIN plan_day AS last_day
        ON
            received.ordinal + limited.limit_days = last_day.ordinal
            AND last_day.is_working
            AND limited.limit_unit <> 'calendar_day'
)

SELECT
    '' AS unit_code,
    needed.dossier_code AS subject,
    needed.file_sha256,
    needed.sheet,
    needed.row,
    needed.column_name,
    needed.needed_on::VARCHAR AS shown_value
FROM needed
INNER JOIN plan_day AS day ON needed.needed_on = day.day
WHERE NOT day.is_decreed
ORDER BY subject, column_name;
