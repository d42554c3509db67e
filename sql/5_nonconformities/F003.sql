-- Column 11 is 12 + 13.
SELECT
    handling_office AS unit_code,
    field AS subject,
    pending_total::VARCHAR AS shown_value,
    (pending_within_due + pending_overdue)::VARCHAR AS expected
FROM form_row
WHERE pending_total <> pending_within_due + pending_overdue
ORDER BY unit_code, subject;
