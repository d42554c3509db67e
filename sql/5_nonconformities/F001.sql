-- Column 3 is 4 + 5 + 6.
SELECT
    handling_office AS unit_code,
    field AS subject,
    received_total::VARCHAR AS shown_value,
    (received_online + received_in_person_or_postal + carried_over)::VARCHAR AS expected
FROM form_row
WHERE received_total <> received_online + received_in_person_or_postal + carried_over
ORDER BY unit_code, subject;
