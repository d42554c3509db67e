-- Verdicts added up by rule, unit, period, run or submission, the newest first. What was on trial is counted by itself.
-- The trend of a group is its failing share in each period, of a period itself in each of its runs.
WITH keyed AS (
    SELECT
        asked.*,
        CASE $by
            WHEN 'rule' THEN rule_id
            WHEN 'unit' THEN unit_code
            WHEN 'period' THEN period
            WHEN 'submission' THEN submission
            ELSE committed_seq::VARCHAR
        END AS key,
        CASE WHEN $by IN ('period', 'run') THEN committed_seq::VARCHAR ELSE period END AS point
    FROM
        validated.asked(
            $before, $rule, $unit, $run, $submission, $period, $period_ids, $first_days, $last_days
        ) AS asked
),

point AS (
    SELECT
        key,
        point,
        min(committed_seq) AS first_seq,
        max(committed_seq) AS last_seq,
        arg_max(committed_at, committed_seq) AS last_at,
        count(DISTINCT committed_seq) AS run_count,
        count_if(outcome = 'pass' AND NOT is_shadow) AS pass_count,
        count_if(outcome = 'fail' AND NOT is_shadow) AS fail_count,
        count_if(outcome = 'not_evaluated' AND NOT is_shadow) AS not_evaluated_count,
        count_if(outcome NOT IN ('pass', 'fail', 'not_evaluated') AND NOT is_shadow) AS other_count,
        count_if(is_shadow) AS trial_count,
        coalesce(sum(checked_count) FILTER (NOT is_shadow), 0)::BIGINT AS checked_count,
        coalesce(sum(failing_count) FILTER (NOT is_shadow), 0)::BIGINT AS failing_count
    FROM keyed
    WHERE key IS NOT NULL
    GROUP BY key, point
)

SELECT
    key,
    max(last_seq) AS last_seq,
    arg_max(last_at, last_seq) AS last_at,
    sum(run_count)::BIGINT AS run_count,
    sum(pass_count)::BIGINT AS pass_count,
    sum(fail_count)::BIGINT AS fail_count,
    sum(not_evaluated_count)::BIGINT AS not_evaluated_count,
    sum(other_count)::BIGINT AS other_count,
    sum(trial_count)::BIGINT AS trial_count,
    sum(checked_count)::BIGINT AS checked_count,
    sum(failing_count)::BIGINT AS failing_count,
    -- The last twelve points that anything was checked at, in order.
    (list(struct_pack(failing := failing_count, checked := checked_count) ORDER BY first_seq)
        FILTER (checked_count > 0))[-12:] AS trend,
    count(*) OVER () AS total_count
FROM point
GROUP BY key
ORDER BY last_seq DESC, key
LIMIT $row_limit
OFFSET $row_offset;
