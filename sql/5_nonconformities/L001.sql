-- Procedures of the period's dossiers whose time limit in the plan is an example, not the department's own.
SELECT
    '' AS unit_code,
    procedure.code AS subject,
    procedure.limit_value::DOUBLE || ' ' || procedure.limit_unit AS shown_value
FROM plan_procedure AS procedure
WHERE
    procedure.limit_basis = 'example'
    AND NOT procedure.is_immediate
    AND procedure.code IN (SELECT dossier_state.procedure_code FROM dossier_state)
ORDER BY subject;
