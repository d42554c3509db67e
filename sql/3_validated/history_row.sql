-- Every place at which rules failed in one run; values are masked as they were when they were kept.
SELECT
    rule_id,
    rule_version,
    severity,
    coalesce(unit_code, '') AS unit_code,
    subject,
    file_sha256,
    sheet,
    row,
    cell,
    column_name,
    shown_value,
    expected,
    contains(filename, 'trial_finding') AS is_shadow,
    count(*) OVER () AS total_count
FROM read_parquet($paths, filename = true, hive_partitioning = false)
WHERE ($rule IS NULL OR rule_id = $rule) AND ($unit IS NULL OR coalesce(unit_code, '') = $unit)
ORDER BY rule_id, rule_version, unit_code, sheet, row, cell, subject
LIMIT $row_limit
OFFSET $row_offset;
