-- Form II.06a/VPCP/KSTT by handling office and field; each column counts its own members.
SELECT
    $period AS period,
    handling_office,
    field,
    count_if(received_total) AS received_total,
    count_if(received_online) AS received_online,
    count_if(received_in_person_or_postal) AS received_in_person_or_postal,
    count_if(carried_over) AS carried_over,
    count_if(resolved_total) AS resolved_total,
    count_if(resolved_early) AS resolved_early,
    count_if(resolved_on_time) AS resolved_on_time,
    count_if(resolved_overdue) AS resolved_overdue,
    count_if(pending_total) AS pending_total,
    count_if(pending_within_due) AS pending_within_due,
    count_if(pending_overdue) AS pending_overdue,
    count_if(withdrawn) AS withdrawn,
    count_if(waiting) AS waiting
FROM form_member
GROUP BY handling_office, field
ORDER BY handling_office, field;
