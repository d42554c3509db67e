-- Form II.06a/VPCP/KSTT: one row by field; the form's total is the sum of these rows.
SELECT
    form_count.* EXCLUDE (counted_by, handling_office),
    label.label,
    label.coverage_accepted,
    label.coverage_read,
    label.open_nonconformity_count,
    label.waiver_count
FROM form_count
INNER JOIN figure_label AS label ON label.source = 'dossier' AND label.unit_code = ''
WHERE form_count.counted_by = 'field'
ORDER BY form_count.field;
