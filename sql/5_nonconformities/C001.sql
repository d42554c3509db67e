-- Received in the period with a due date that is not receipt plus the procedure's limit by the calendar. The day of
-- receipt is not counted, 8 hours are a working day, part of a day counts whole, and an end on a day off moves to the
-- next working day. A supplement starts the clock again, so its dossiers are left out.
WITH limited AS (
    SELECT
        state.handling_office,
        state.dossier_code,
        state.file_sha256,
        state.sheet,
        state.row,
        state.original_due_on,
        received.ordinal AS received_ordinal,
        procedure.limit_unit,
        state.received_on + ceil(procedure.limit_value)::INTEGER AS calendar_end,
        ceil(procedure.limit_value / CASE procedure.limit_unit WHEN 'hour' THEN 8 ELSE 1 END)::INTEGER AS limit_days
    FROM dossier_state AS state
    INNER JOIN plan_procedure AS procedure ON state.procedure_code = procedure.code
    INNER JOIN plan_day AS received ON state.received_on = received.day
    WHERE state.is_received_in_period AND NOT state.is_supplemented AND procedure.limit_unit <> 'immediate'
),

-- The ordinal of a day off is that of the working day before it.
ended AS (
    SELECT
        limited.*,
        CASE limited.limit_unit
            WHEN 'calendar_day' THEN calendar_end.ordinal + (NOT calendar_end.is_working)::INTEGER
            ELSE limited.received_ordinal + limited.limit_days
        END AS end_ordinal
    FROM limited
    LEFT JOIN plan_day AS calendar_end ON limited.calendar_end = calendar_end.day
)

SELECT
    ended.handling_office AS unit_code,
    ended.dossier_code AS subject,
    ended.file_sha256,
    ended.sheet,
    ended.row,
    'due_at' AS column_name,
    ended.original_due_on::VARCHAR AS shown_value,
    last_day.day::VARCHAR AS expected
FROM ended
INNER JOIN plan_day AS last_day ON ended.end_ordinal = last_day.ordinal AND last_day.is_working
INNER JOIN plan_day AS given ON ended.original_due_on = given.day
WHERE given.ordinal + (NOT given.is_working)::INTEGER <> ended.end_ordinal
ORDER BY unit_code, subject;
