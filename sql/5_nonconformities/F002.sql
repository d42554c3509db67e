-- Column 7 is 8 + 9 + 10.
SELECT
    handling_office AS unit_code,
    field AS subject,
    resolved_total::VARCHAR AS shown_value,
    (resolved_early + resolved_on_time + resolved_overdue)::VARCHAR AS expected
FROM form_row
WHERE resolved_total <> resolved_early + resolved_on_time + resolved_overdue
ORDER BY unit_code, subject;
