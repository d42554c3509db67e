-- Every dossier once, classified for the period [first_day, last_day] from what its dates say, never from its status
-- today. Each form column is a predicate of its own, so that the form's identities can fail.
WITH first_seen AS (
    SELECT
        dossier_code,
        arg_min(coalesce(original_due_at, due_at), (exported_at, committed_seq)) AS original_due_at
    FROM dossier_version
    GROUP BY dossier_code
),

dated AS (
    SELECT
        latest.dossier_code,
        latest.file_sha256,
        latest.sheet,
        latest.row,
        latest.rows,
        latest.procedure_code,
        latest.handling_office,
        latest.channel,
        procedure.field,
        coalesce(procedure.is_announced_online, false) AS is_announced_online,
        latest.received_at::DATE AS received_on,
        first_seen.original_due_at::DATE AS original_due_on,
        -- A restart after a supplement replaces the due date; an extension does not. An immediate result is due at once.
        CASE
            WHEN latest.supplement_completed_at IS NOT NULL THEN latest.due_at::DATE
            WHEN first_seen.original_due_at IS NULL AND procedure.is_immediate THEN latest.received_at::DATE
            ELSE first_seen.original_due_at::DATE
        END AS due_on,
        latest.finished_at::DATE AS finished_on,
        latest.supplement_requested_at::DATE AS supplement_requested_on,
        latest.supplement_completed_at::DATE AS supplement_completed_on,
        coalesce(latest.status IN ('withdrawn', 'stopped'), false) AS is_withdrawn
    FROM dossier_version AS latest
    INNER JOIN first_seen ON latest.dossier_code = first_seen.dossier_code
    LEFT JOIN plan_procedure AS procedure ON latest.procedure_code = procedure.code
    WHERE latest.recency = 1 AND coalesce(latest.status NOT IN ('newly_filed', 'not_accepted'), true)
),

placed AS (
    SELECT
        *,
        received_on BETWEEN $first_day AND $last_day AS is_received_in_period,
        received_on < $first_day AND (finished_on IS NULL OR finished_on >= $first_day) AS is_carried_over,
        coalesce(finished_on BETWEEN $first_day AND $last_day, false) AS is_resolved,
        received_on <= $last_day AND (finished_on IS NULL OR finished_on > $last_day) AS is_pending,
        coalesce(
            supplement_requested_on <= $last_day
            AND (supplement_completed_on IS NULL OR supplement_completed_on > $last_day), false
        ) AS is_supplement_open
    FROM dated
)

SELECT
    $period AS period,
    dossier_code,
    file_sha256,
    sheet,
    row,
    rows,
    procedure_code,
    coalesce(field, '') AS field,
    coalesce(handling_office, '') AS handling_office,
    channel,
    is_announced_online,
    received_on,
    original_due_on,
    due_on,
    finished_on,
    is_received_in_period,
    is_carried_over,
    is_resolved,
    coalesce(is_resolved AND NOT is_withdrawn AND finished_on < due_on, false) AS is_resolved_early,
    coalesce(is_resolved AND (is_withdrawn OR finished_on = due_on), false) AS is_resolved_on_time,
    coalesce(is_resolved AND NOT is_withdrawn AND finished_on > due_on, false) AS is_resolved_overdue,
    is_pending,
    coalesce(is_pending AND (is_supplement_open OR due_on > $last_day), false) AS is_pending_within_due,
    coalesce(is_pending AND NOT is_supplement_open AND due_on <= $last_day, false) AS is_pending_overdue,
    is_withdrawn,
    is_pending AND is_supplement_open AS is_waiting
FROM placed
WHERE is_received_in_period OR is_carried_over OR is_resolved OR is_pending
ORDER BY dossier_code;
