-- One row per unit report in force: the cells of the satisfied and of the valid questionnaires.
SELECT
    valid.unit_code,
    valid.unit_code || ' A9.2/A9.1' AS member_key,
    valid.file_sha256,
    valid.sheet,
    valid.row,
    valid.row::VARCHAR AS rows,
    satisfied.cell || ' / ' || valid.cell AS cell,
    satisfied.value AS numerator,
    valid.value AS denominator
FROM report_value_in_force AS valid
INNER JOIN report_value_in_force AS satisfied
    ON valid.file_sha256 = satisfied.file_sha256 AND satisfied.item_code = 'A9.2'
WHERE valid.item_code = 'A9.1' AND valid.value IS NOT NULL AND satisfied.value IS NOT NULL
ORDER BY valid.unit_code;
