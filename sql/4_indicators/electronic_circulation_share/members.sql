-- Dossiers resolved in the period that went round between agencies, and those that did so electronically; one that
-- needed none adds nothing, but it says so, which a blank does not.
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    (circulation = 'electronic')::INTEGER AS numerator,
    (circulation <> 'none')::INTEGER AS denominator
FROM dossier_state
WHERE is_resolved AND circulation IS NOT NULL
ORDER BY unit_code, member_key;
