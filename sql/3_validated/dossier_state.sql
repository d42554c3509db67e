-- Every dossier once, classified for the period [first_day, last_day] from what its dates say, never from its status
-- today. Each form column is a predicate of its own, so that the form's identities can fail.
WITH first_seen AS (
    SELECT
        dossier_code,
        arg_min(coalesce(original_due_at, due_at), (exported_at, committed_seq)) AS original_due_at
    FROM dossier_version
    GROUP BY dossier_code
),

-- The due date with which the clock started again, as first given: a later one is an extension.
restarted AS (
    SELECT
        dossier_code,
        supplement_completed_at,
        arg_min(due_at, (exported_at, committed_seq)) AS due_at
    FROM dossier_version
    WHERE supplement_completed_at IS NOT NULL
    GROUP BY dossier_code, supplement_completed_at
),

known AS (
    SELECT
        latest.*,
        procedure.field,
        coalesce(procedure.is_announced_online, false) AS is_announced_online,
        first_seen.original_due_at AS first_due_at,
        -- Working time of the procedure's limit, in days; 8 hours are one.
        CASE procedure.limit_unit
            WHEN 'working_day' THEN procedure.limit_value WHEN 'hour' THEN procedure.limit_value / 8
        END::DECIMAL(18, 3) AS limit_working_days,
        coalesce(latest.apology_at::DATE <= $last_day, false) AS has_apology,
        -- A restart after a supplement replaces the due date, once the supplement is there. An immediate result is due
        -- on the day of receipt.
        CASE
            WHEN latest.supplement_completed_at::DATE <= $last_day THEN restarted.due_at
            WHEN first_seen.original_due_at IS NULL AND procedure.is_immediate THEN latest.received_at
            ELSE first_seen.original_due_at
        END AS appointed_at,
        -- What replaced it without a restart, as far as it was known by then.
        CASE
            WHEN latest.apology_at::DATE > $last_day THEN NULL
            WHEN latest.supplement_completed_at::DATE > $last_day THEN latest.reappointed_at
            ELSE coalesce(latest.reappointed_at, latest.due_at)
        END AS moved_to_at
    FROM dossier_version AS latest
    INNER JOIN first_seen ON latest.dossier_code = first_seen.dossier_code
    LEFT JOIN restarted
        ON
            latest.dossier_code = restarted.dossier_code
            AND latest.supplement_completed_at = restarted.supplement_completed_at
    LEFT JOIN plan_procedure AS procedure ON latest.procedure_code = procedure.code
    WHERE latest.recency = 1 AND coalesce(latest.status NOT IN ('newly_filed', 'not_accepted'), true)
),

-- Only an apology letter with a new date can move the due date, and only where the plan lets it.
due AS (
    SELECT
        *,
        coalesce(moved_to_at::DATE > appointed_at::DATE, false) AS is_extended,
        CASE
            WHEN
                $extension_moves_due_date
                AND has_apology
                AND reappointed_at IS NOT NULL
                AND moved_to_at::DATE > appointed_at::DATE
                THEN moved_to_at
            ELSE appointed_at
        END AS due_in_force_at
    FROM known
),

dated AS (
    SELECT
        *,
        received_at::DATE AS received_on,
        first_due_at::DATE AS original_due_on,
        due_in_force_at::DATE AS due_on,
        finished_at::DATE AS finished_on,
        supplement_requested_at::DATE AS supplement_requested_on,
        supplement_completed_at::DATE AS supplement_completed_on,
        -- Before, on or after the due date, by days or by moments: -1, 0 or 1; null without a due date. An immediate
        -- result has the whole day.
        CASE
            WHEN NOT $is_by_moment OR first_due_at IS NULL
                THEN sign(date_diff('day', due_in_force_at::DATE, finished_at::DATE))
            WHEN finished_at < due_in_force_at THEN -1
            WHEN finished_at = due_in_force_at THEN 0
            WHEN finished_at > due_in_force_at THEN 1
        END AS finished_against_due,
        coalesce(status IN ('withdrawn', 'stopped') AND finished_at::DATE <= $last_day, false) AS is_withdrawn
    FROM due
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
        ) AS is_supplement_open,
        is_withdrawn AND $withdrawn_is_on_time AS is_set_on_time,
        is_supplement_open AND $waiting_is_within_due AS is_set_within_due
    FROM dated
),

timed AS (
    SELECT
        placed.*,
        CASE
            WHEN placed.is_resolved AND placed.finished_on >= placed.received_on
                THEN finished_day.ordinal - received_day.ordinal
        END AS handling_working_days,
        CASE WHEN placed.is_pending THEN last_of_period.ordinal - received_day.ordinal END AS pending_working_days
    FROM placed
    LEFT JOIN plan_day AS received_day ON placed.received_on = received_day.day
    LEFT JOIN plan_day AS finished_day ON placed.finished_on = finished_day.day
    LEFT JOIN plan_day AS last_of_period ON last_of_period.day = $last_day
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
    coalesce(is_resolved AND NOT is_set_on_time AND finished_against_due < 0, false) AS is_resolved_early,
    coalesce(is_resolved AND (is_set_on_time OR finished_against_due = 0), false) AS is_resolved_on_time,
    coalesce(is_resolved AND NOT is_set_on_time AND finished_against_due > 0, false) AS is_resolved_overdue,
    is_pending,
    coalesce(is_pending AND (is_set_within_due OR due_on > $last_day), false) AS is_pending_within_due,
    coalesce(is_pending AND NOT is_set_within_due AND due_on <= $last_day, false) AS is_pending_overdue,
    is_withdrawn,
    is_pending AND is_supplement_open AS is_waiting,
    coalesce(supplement_requested_on <= $last_day, false) AS is_supplemented,
    has_apology,
    is_extended,
    CASE WHEN is_extended THEN moved_to_at::DATE END AS extended_to,
    circulation,
    result_form,
    limit_working_days,
    handling_working_days,
    pending_working_days,
    CASE
        WHEN pending_working_days <= 5 THEN '1: 0-5'
        WHEN pending_working_days <= 10 THEN '2: 6-10'
        WHEN pending_working_days <= 20 THEN '3: 11-20'
        WHEN pending_working_days > 20 THEN '4: >20'
    END AS age_class
FROM timed
WHERE is_received_in_period OR is_carried_over OR is_resolved OR is_pending
ORDER BY dossier_code;
