-- Form II.06a/VPCP/KSTT by handling office and field; each column counts its own predicate.
SELECT
    $period AS period,
    handling_office,
    field,
    -- column 3: everything that was in hand during the period
    count(*) AS received_total,
    count_if(is_received_in_period AND channel = 'online') AS received_online,
    count_if(is_received_in_period AND channel IN ('in_person', 'postal')) AS received_in_person_or_postal,
    count_if(is_carried_over) AS carried_over,
    count_if(is_resolved) AS resolved_total,
    count_if(is_resolved_early) AS resolved_early,
    count_if(is_resolved_on_time) AS resolved_on_time,
    count_if(is_resolved_overdue) AS resolved_overdue,
    count_if(is_pending) AS pending_total,
    count_if(is_pending_within_due) AS pending_within_due,
    count_if(is_pending_overdue) AS pending_overdue,
    count_if(is_resolved AND is_withdrawn) AS withdrawn,
    count_if(is_waiting) AS waiting
FROM dossier_state
GROUP BY handling_office, field
ORDER BY handling_office, field;
