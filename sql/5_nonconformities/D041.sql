-- The due date was moved to a later day in the next export, without a restart after a supplement and without an apology
-- letter. It belongs to the period of the due date that was replaced. A log that has no column for the letter says
-- nothing about it: its rule D025 was not evaluated.
SELECT
    coalesce(later.handling_office, '') AS unit_code,
    later.dossier_code AS subject,
    later.file_sha256,
    later.sheet,
    later.row,
    'due_at' AS column_name,
    later.due_at::DATE::VARCHAR AS shown_value,
    earlier.due_at::DATE || ' trong ' || earlier.submission || ' dòng ' || earlier.row AS expected
FROM dossier_version AS later
INNER JOIN dossier_version AS earlier
    ON later.dossier_code = earlier.dossier_code AND later.recency + 1 = earlier.recency
WHERE
    later.due_at::DATE > earlier.due_at::DATE
    AND earlier.due_at::DATE BETWEEN $first_day AND $last_day
    AND later.supplement_completed_at IS NOT DISTINCT FROM earlier.supplement_completed_at
    AND later.apology_at IS NULL
    AND EXISTS (
        SELECT 1
        FROM submission_result AS result
        WHERE
            result.rule_id = 'D025'
            AND result.outcome <> 'not_evaluated'
            AND result.file_sha256 = later.file_sha256
    )
ORDER BY unit_code, subject, expected;
