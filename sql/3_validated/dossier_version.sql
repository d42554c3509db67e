-- Every accepted row of every log in force, newest export first: what each export said of each dossier.
SELECT
    dossier_row.*,
    submission.number AS submission,
    submission.committed_seq,
    submission.exported_at,
    row_number() OVER (
        PARTITION BY dossier_row.dossier_code ORDER BY submission.exported_at DESC, submission.committed_seq DESC
    ) AS recency
FROM dossier_row
INNER JOIN submission ON dossier_row.file_sha256 = submission.file_sha256
WHERE
    submission.is_in_force
    AND NOT EXISTS (
        SELECT 1
        FROM row_account
        WHERE
            row_account.disposition = 'rejected'
            AND row_account.file_sha256 = dossier_row.file_sha256
            AND row_account.row = dossier_row.row
    )
ORDER BY dossier_row.dossier_code, recency;
