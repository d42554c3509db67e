-- Column 3 is 7 + 11.
SELECT
    handling_office AS unit_code,
    field AS subject,
    received_total::VARCHAR AS shown_value,
    (resolved_total + pending_total)::VARCHAR AS expected
FROM form_row
WHERE received_total <> resolved_total + pending_total
ORDER BY unit_code, subject;
