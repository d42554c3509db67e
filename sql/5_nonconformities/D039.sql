-- Two exports, one after the other, give a dossier different days of the end, either of them in the period.
SELECT
    coalesce(later.handling_office, '') AS unit_code,
    later.dossier_code AS subject,
    later.file_sha256,
    later.sheet,
    later.row,
    'finished_at' AS column_name,
    later.finished_at::DATE::VARCHAR AS shown_value,
    earlier.finished_at::DATE || ' trong ' || earlier.submission || ' dòng ' || earlier.row AS expected
FROM dossier_version AS later
INNER JOIN dossier_version AS earlier
    ON later.dossier_code = earlier.dossier_code AND later.recency + 1 = earlier.recency
WHERE
    later.finished_at::DATE <> earlier.finished_at::DATE
    AND (
        later.finished_at::DATE BETWEEN $first_day AND $last_day
        OR earlier.finished_at::DATE BETWEEN $first_day AND $last_day
    )
ORDER BY unit_code, subject, expected;
