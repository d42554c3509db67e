-- Form II.06b/VPCP/KSTT: one row by handling office; the form's total is the sum of these rows.
SELECT
    form_count.* EXCLUDE (counted_by, field),
    office.name_vi AS handling_office_name_vi
FROM form_count
LEFT JOIN plan_unit AS office ON form_count.handling_office = office.code
WHERE form_count.counted_by = 'handling_office'
ORDER BY form_count.handling_office;
