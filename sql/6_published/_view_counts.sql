-- How many rows each view over the store shows.
SELECT 'staged.dossier_row' AS name, count(*) AS row_count FROM staged.dossier_row
UNION ALL
SELECT 'staged.row_account' AS name, count(*) AS row_count FROM staged.row_account
UNION ALL
SELECT 'staged.report_value' AS name, count(*) AS row_count FROM staged.report_value
UNION ALL
SELECT 'staged.report_task' AS name, count(*) AS row_count FROM staged.report_task
UNION ALL
SELECT 'validated.finding' AS name, count(*) AS row_count FROM validated.finding
UNION ALL
SELECT 'validated.dossier_state' AS name, count(*) AS row_count FROM validated.dossier_state
UNION ALL
SELECT 'indicators.member' AS name, count(*) AS row_count FROM indicators.member
ORDER BY name;
