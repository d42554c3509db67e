-- Finished in the period as an export said, and without an end in the next one.
SELECT
    coalesce(later.handling_office, '') AS unit_code,
    later.dossier_code AS subject,
    later.file_sha256,
    later.sheet,
    later.row,
    'finished_at' AS column_name,
    earlier.finished_at::DATE || ' trong ' || earlier.submission || ' dòng ' || earlier.row AS expected
FROM dossier_version AS later
INNER JOIN dossier_version AS earlier
    ON later.dossier_code = earlier.dossier_code AND later.recency + 1 = earlier.recency
WHERE later.finished_at IS NULL AND earlier.finished_at::DATE BETWEEN $first_day AND $last_day
ORDER BY unit_code, subject, expected;
