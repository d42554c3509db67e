-- Verdicts behind the period, by rule, unit and outcome.
SELECT
    result.rule_id,
    result.rule_version,
    rule.severity,
    rule.message_vi,
    result.dataset,
    coalesce(result.unit_code, '') AS unit_code,
    result.outcome,
    coalesce(result.reason, '') AS reason,
    sum(result.checked_count)::BIGINT AS checked_count,
    sum(result.failing_count)::BIGINT AS failing_count
FROM period_verdict AS result
INNER JOIN plan_rule AS rule ON result.rule_id = rule.id
GROUP BY ALL
ORDER BY ALL;
