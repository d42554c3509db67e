-- What the period before handed on: its column 11, by office and field.
SELECT handling_office, field, pending_total
FROM form_row
WHERE pending_total > 0
ORDER BY handling_office, field;
