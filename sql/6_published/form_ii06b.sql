-- Form II.06b/VPCP/KSTT: one row by handling office; the form's total is the sum of these rows.
SELECT
    form_count.* EXCLUDE (counted_by, field),
    office.name_vi AS handling_office_name_vi,
    label.label,
    label.coverage_accepted,
    label.coverage_read,
    label.open_nonconformity_count,
    label.waiver_count
FROM form_count
INNER JOIN figure_label AS label ON label.source = 'dossier' AND form_count.handling_office = label.unit_code
LEFT JOIN plan_unit AS office ON form_count.handling_office = office.code
WHERE form_count.counted_by = 'handling_office'
ORDER BY form_count.handling_office;
