-- Each column of a cumulative period's form beside what its quarters say of it: flows (4, 5, 7 to 10) are their sum, what
-- was taken over (6) is the first quarter's, what is pending (11 to 13) the last quarter's.
WITH shown AS (
    UNPIVOT (
        SELECT
            handling_office,
            field,
            received_online,
            received_in_person_or_postal,
            carried_over,
            resolved_total,
            resolved_early,
            resolved_on_time,
            resolved_overdue,
            pending_total,
            pending_within_due,
            pending_overdue
        FROM form_row
    )
    ON COLUMNS(* EXCLUDE (handling_office, field)) INTO NAME column_name VALUE stated
),

expected AS (
    UNPIVOT (
        SELECT
            part.handling_office,
            part.field,
            sum(part.received_online)::BIGINT AS received_online,
            sum(part.received_in_person_or_postal)::BIGINT AS received_in_person_or_postal,
            coalesce(sum(part.carried_over) FILTER (period.first_day = $first_day), 0)::BIGINT AS carried_over,
            sum(part.resolved_total)::BIGINT AS resolved_total,
            sum(part.resolved_early)::BIGINT AS resolved_early,
            sum(part.resolved_on_time)::BIGINT AS resolved_on_time,
            sum(part.resolved_overdue)::BIGINT AS resolved_overdue,
            coalesce(sum(part.pending_total) FILTER (period.last_day = $last_day), 0)::BIGINT AS pending_total,
            coalesce(sum(part.pending_within_due) FILTER (period.last_day = $last_day), 0)::BIGINT
                AS pending_within_due,
            coalesce(sum(part.pending_overdue) FILTER (period.last_day = $last_day), 0)::BIGINT AS pending_overdue
        FROM part_form_row AS part
        INNER JOIN plan_period AS period ON part.period = period.id
        GROUP BY part.handling_office, part.field
    )
    ON COLUMNS(* EXCLUDE (handling_office, field)) INTO NAME column_name VALUE total
)

SELECT
    coalesce(shown.handling_office, expected.handling_office) AS handling_office,
    coalesce(shown.field, expected.field) AS field,
    coalesce(shown.column_name, expected.column_name) AS column_name,
    coalesce(shown.stated, 0) AS stated,
    coalesce(expected.total, 0) AS expected
FROM shown
FULL JOIN expected
    ON
        shown.handling_office = expected.handling_office
        AND shown.field = expected.field
        AND shown.column_name = expected.column_name
ORDER BY handling_office, field, column_name;
