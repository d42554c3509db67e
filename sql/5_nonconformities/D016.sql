-- One dossier code on several rows of a file. Identical rows: all but the first; differing rows: all of them.
WITH repeated AS (
    SELECT
        dossier_code,
        min(row) AS first_row,
        count(DISTINCT row(
            procedure_code, handling_office, channel, status, received_at, original_due_at, due_at, finished_at,
            picked_up_at, supplement_requested_at, supplement_completed_at, apology_at, reappointed_at, circulation,
            result_form, applicant_key
        )) AS variant_count
    FROM dossier_row
    WHERE dossier_code IS NOT NULL
    GROUP BY dossier_code
    HAVING count(*) > 1
)

SELECT dossier_row.row
FROM dossier_row
INNER JOIN repeated ON dossier_row.dossier_code = repeated.dossier_code
WHERE repeated.variant_count > 1 OR dossier_row.row > repeated.first_row
ORDER BY dossier_row.row;
