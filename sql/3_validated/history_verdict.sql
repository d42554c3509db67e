-- Verdicts one by one, the newest first.
SELECT
    committed_seq,
    committed_at,
    submission,
    period,
    unit_code,
    rule_id,
    rule_version,
    outcome,
    reason,
    checked_count,
    failing_count,
    is_shadow,
    count(*) OVER () AS total_count
FROM validated.asked(
    $before, $rule, $unit, $run, $submission, $period, $period_ids, $first_days, $last_days
)
ORDER BY committed_seq DESC, rule_id, rule_version, unit_code
LIMIT $row_limit
OFFSET $row_offset;
