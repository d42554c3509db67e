-- The form's identities as pairs of columns, for the gate.
SELECT
    handling_office,
    field,
    received_total,
    received_online + received_in_person_or_postal + carried_over AS received_parts,
    resolved_total,
    resolved_early + resolved_on_time + resolved_overdue AS resolved_parts,
    pending_total,
    pending_within_due + pending_overdue AS pending_parts,
    resolved_total + pending_total AS outcome_total
FROM form_row
ORDER BY handling_office, field;
