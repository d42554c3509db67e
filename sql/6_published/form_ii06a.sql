-- Form II.06a/VPCP/KSTT: one row by field; the form's total is the sum of these rows.
SELECT form_count.* EXCLUDE (counted_by, handling_office)
FROM form_count
WHERE form_count.counted_by = 'field'
ORDER BY form_count.field;
