-- How many things each dataset offered to its rules, by unit: the quantity that a verdict was reached on.
SELECT 'dossier' AS dataset, coalesce(handling_office, '') AS unit_code, count(*) AS checked_count
FROM dossier_version
WHERE recency = 1
GROUP BY ALL
UNION ALL BY NAME
SELECT 'form_ii06a' AS dataset, handling_office AS unit_code, count(*) AS checked_count
FROM form_row
GROUP BY ALL
UNION ALL BY NAME
SELECT 'reporting' AS dataset, unit_code, count(*) AS checked_count
FROM expected_report
WHERE state NOT IN ('not_due', 'not_determined')
GROUP BY ALL
UNION ALL BY NAME
SELECT 'figure' AS dataset, '' AS unit_code, count(*) AS checked_count
FROM target_result
WHERE status IN ('met', 'missed')
GROUP BY ALL
UNION ALL BY NAME
SELECT 'report' AS dataset, unit_code, count(*) AS checked_count
FROM report_value_in_force
GROUP BY ALL
UNION ALL BY NAME
SELECT 'task' AS dataset, lead AS unit_code, count(*) AS checked_count
FROM task_state
GROUP BY ALL
UNION ALL BY NAME
SELECT 'plan' AS dataset, '' AS unit_code, 1 AS checked_count
UNION ALL BY NAME
SELECT 'calendar' AS dataset, '' AS unit_code, count(*) AS checked_count
FROM dossier_state
ORDER BY dataset, unit_code;
