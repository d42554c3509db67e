-- The counts of form II.06a/VPCP/KSTT added up two ways: by field, and by handling office.
SELECT
    period,
    CASE WHEN grouping(handling_office) = 1 THEN 'field' ELSE 'handling_office' END AS counted_by,
    field,
    handling_office,
    sum(received_total)::BIGINT AS received_total,
    sum(received_online)::BIGINT AS received_online,
    sum(received_in_person_or_postal)::BIGINT AS received_in_person_or_postal,
    sum(carried_over)::BIGINT AS carried_over,
    sum(resolved_total)::BIGINT AS resolved_total,
    sum(resolved_early)::BIGINT AS resolved_early,
    sum(resolved_on_time)::BIGINT AS resolved_on_time,
    sum(resolved_overdue)::BIGINT AS resolved_overdue,
    sum(pending_total)::BIGINT AS pending_total,
    sum(pending_within_due)::BIGINT AS pending_within_due,
    sum(pending_overdue)::BIGINT AS pending_overdue,
    sum(withdrawn)::BIGINT AS withdrawn,
    sum(waiting)::BIGINT AS waiting
FROM form_row
GROUP BY GROUPING SETS ((period, field), (period, handling_office));
