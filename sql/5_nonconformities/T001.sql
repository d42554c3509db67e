-- Targets of the department that are missed.
SELECT
    unit_code,
    target_id AS subject,
    indicator_id AS column_name,
    numerator::VARCHAR || '/' || denominator::VARCHAR AS shown_value
FROM figure
WHERE target_status = 'missed'
ORDER BY unit_code, subject;
