-- Column 6 of a cumulative period is that of its first quarter.
SELECT
    handling_office AS unit_code,
    field AS subject,
    column_name,
    stated::VARCHAR AS shown_value,
    expected::VARCHAR AS expected
FROM cumulative_form
WHERE stated <> expected AND column_name = 'carried_over'
ORDER BY unit_code, subject, column_name;
