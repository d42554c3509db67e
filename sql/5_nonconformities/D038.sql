-- Re-appointed more than once, as far as the exports say: three due dates or more, a restart after a supplement
-- counting afresh. It belongs to the period of the due date that was replaced for the second time.
WITH given AS (
    SELECT dossier_code, supplement_completed_at, original_due_at::DATE AS due_on
    FROM dossier_version
    WHERE supplement_completed_at IS NULL
    UNION
    SELECT dossier_code, supplement_completed_at, due_at::DATE AS due_on
    FROM dossier_version
    UNION
    -- A new date from before the restart stays in its column and is no later than the restarted one.
    SELECT dossier_code, supplement_completed_at, reappointed_at::DATE AS due_on
    FROM dossier_version
    WHERE reappointed_at::DATE >= due_at::DATE
),

appointed AS (
    SELECT dossier_code, supplement_completed_at, list(due_on ORDER BY due_on) AS due_dates
    FROM given
    WHERE due_on IS NOT NULL
    GROUP BY dossier_code, supplement_completed_at
    HAVING count(*) > 2
)

SELECT
    coalesce(latest.handling_office, '') AS unit_code,
    latest.dossier_code AS subject,
    latest.file_sha256,
    latest.sheet,
    latest.row,
    'due_at' AS column_name,
    array_to_string(appointed.due_dates, ', ') AS shown_value,
    'hẹn lại một lần' AS expected
FROM appointed
INNER JOIN dossier_version AS latest ON appointed.dossier_code = latest.dossier_code AND latest.recency = 1
WHERE appointed.due_dates[-2] BETWEEN $first_day AND $last_day
ORDER BY unit_code, subject, shown_value;
