-- One row per unit report in force that states both line items of a ratio: their two cells.
SELECT
    whole.unit_code,
    whole.unit_code || ' ' || $numerator_item || '/' || $denominator_item AS member_key,
    whole.file_sha256,
    whole.sheet,
    whole.row,
    whole.row::VARCHAR AS rows,
    part.cell || ' / ' || whole.cell AS cell,
    part.value AS numerator,
    whole.value AS denominator
FROM report_value_in_force AS whole
INNER JOIN report_value_in_force AS part
    ON whole.file_sha256 = part.file_sha256 AND part.item_code = $numerator_item
WHERE whole.item_code = $denominator_item AND whole.value IS NOT NULL AND part.value IS NOT NULL
ORDER BY whole.unit_code;
