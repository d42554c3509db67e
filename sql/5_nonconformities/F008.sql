-- Columns 11 to 13 of a cumulative period are those of its last quarter.
SELECT
    handling_office AS unit_code,
    field AS subject,
    column_name,
    stated::VARCHAR AS shown_value,
    expected::VARCHAR AS expected
FROM cumulative_form
WHERE stated <> expected AND column_name IN ('pending_total', 'pending_within_due', 'pending_overdue')
ORDER BY unit_code, subject, column_name;
