-- One applicant's dossiers of one procedure that were received on one day: all but the first.
WITH shared AS (
    SELECT
        applicant_key,
        procedure_code,
        received_at::DATE AS received_on,
        arg_min(dossier_code, row) AS first_code
    FROM dossier_row
    WHERE applicant_key IS NOT NULL AND procedure_code IS NOT NULL AND received_at IS NOT NULL
    GROUP BY applicant_key, procedure_code, received_at::DATE
    HAVING count(DISTINCT dossier_code) > 1
)

SELECT dossier_row.row
FROM dossier_row
INNER JOIN shared
    ON
        dossier_row.applicant_key = shared.applicant_key
        AND dossier_row.procedure_code = shared.procedure_code
        AND dossier_row.received_at::DATE = shared.received_on
WHERE dossier_row.dossier_code <> shared.first_code
ORDER BY dossier_row.row;
