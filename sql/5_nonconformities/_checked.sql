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
WHERE state <> 'not_due'
GROUP BY ALL
UNION ALL BY NAME
SELECT 'figure' AS dataset, unit_code, count(*) AS checked_count
FROM figure
WHERE target_status IN ('met', 'missed')
GROUP BY ALL
ORDER BY dataset, unit_code;
