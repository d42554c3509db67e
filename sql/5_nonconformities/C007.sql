-- A supplement was asked for in the period, later than $working_days working days after receipt.
SELECT
    coalesce(latest.handling_office, '') AS unit_code,
    latest.dossier_code AS subject,
    latest.file_sha256,
    latest.sheet,
    latest.row,
    'supplement_requested_at' AS column_name,
    latest.supplement_requested_at::DATE::VARCHAR AS shown_value,
    last_day.day::VARCHAR AS expected
FROM dossier_version AS latest
INNER JOIN plan_day AS received ON latest.received_at::DATE = received.day
INNER JOIN plan_day AS last_day ON received.ordinal + $working_days = last_day.ordinal AND last_day.is_working
WHERE
    latest.recency = 1
    AND latest.supplement_requested_at::DATE BETWEEN $first_day AND $last_day
    AND latest.supplement_requested_at::DATE > last_day.day
ORDER BY unit_code, subject;
