-- Dossiers resolved in the period whose form of the result is stated, and those digitised.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    (result_form = 'digitised')::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved AND result_form IS NOT NULL
ORDER BY unit_code, member_key;
