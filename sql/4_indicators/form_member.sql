-- Which columns of form II.06a/VPCP/KSTT each dossier counts in. Column 3 is what came in hand, received in the period
-- or carried over; whether it also went out again or stayed (columns 7 and 11) is another question.
SELECT
    handling_office,
    field,
    dossier_code,
    file_sha256,
    sheet,
    row,
    rows,
    is_received_in_period OR is_carried_over AS received_total,
    coalesce(is_received_in_period AND channel = 'online', false) AS received_online,
    coalesce(is_received_in_period AND channel IN ('in_person', 'postal'), false) AS received_in_person_or_postal,
    is_carried_over AS carried_over,
    is_resolved AS resolved_total,
    is_resolved_early AS resolved_early,
    is_resolved_on_time AS resolved_on_time,
    is_resolved_overdue AS resolved_overdue,
    is_pending AS pending_total,
    is_pending_within_due AS pending_within_due,
    is_pending_overdue AS pending_overdue,
    is_resolved AND is_withdrawn AS withdrawn,
    is_waiting AS waiting
FROM dossier_state
ORDER BY handling_office, field, dossier_code;
