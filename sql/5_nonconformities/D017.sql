-- Two exports disagree about what never changes of a dossier: receipt, procedure, channel, original due date.
WITH latest AS (
    SELECT * FROM dossier_version WHERE recency = 1
),

earlier AS (
    SELECT * FROM dossier_version WHERE recency > 1
)

SELECT
    coalesce(latest.handling_office, '') AS unit_code,
    latest.dossier_code AS subject,
    latest.file_sha256,
    latest.sheet,
    latest.row,
    concat_ws(
        ', ',
        CASE WHEN latest.received_at IS DISTINCT FROM earlier.received_at THEN 'received_at' END,
        CASE WHEN latest.procedure_code IS DISTINCT FROM earlier.procedure_code THEN 'procedure_code' END,
        CASE WHEN latest.channel IS DISTINCT FROM earlier.channel THEN 'channel' END,
        CASE WHEN latest.original_due_at IS DISTINCT FROM earlier.original_due_at THEN 'original_due_at' END
    ) AS column_name,
    'khác với ' || earlier.submission || ' dòng ' || earlier.row AS expected
FROM latest
INNER JOIN earlier ON latest.dossier_code = earlier.dossier_code
WHERE
    latest.received_at IS DISTINCT FROM earlier.received_at
    OR latest.procedure_code IS DISTINCT FROM earlier.procedure_code
    OR latest.channel IS DISTINCT FROM earlier.channel
    OR latest.original_due_at IS DISTINCT FROM earlier.original_due_at
ORDER BY unit_code, subject, earlier.submission;
