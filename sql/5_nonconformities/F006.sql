-- Columns 4, 5 and 7 to 10 of a cumulative period are the sums of those of its quarters.
SELECT
    handling_office AS unit_code,
    field AS subject,
    column_name,
    stated::VARCHAR AS shown_value,
    expected::VARCHAR AS expected
FROM cumulative_form
WHERE stated <> expected AND column_name NOT IN ('carried_over', 'pending_total', 'pending_within_due', 'pending_overdue')
ORDER BY unit_code, subject, column_name;
