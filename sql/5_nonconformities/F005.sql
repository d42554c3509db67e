-- Column 6 is column 11 of the period before, or the opening balance, per office and field.
SELECT
    coalesce(form_row.handling_office, brought.handling_office) AS unit_code,
    coalesce(form_row.field, brought.field) AS subject,
    coalesce(form_row.carried_over, 0)::VARCHAR AS shown_value,
    coalesce(brought.pending_total, 0)::VARCHAR AS expected
FROM form_row
FULL JOIN brought_forward AS brought
    ON form_row.handling_office = brought.handling_office AND form_row.field = brought.field
WHERE coalesce(form_row.carried_over, 0) <> coalesce(brought.pending_total, 0)
ORDER BY unit_code, subject;
