-- The period's part of the register.
SELECT
    nonconformity.number,
    nonconformity.period,
    nonconformity.rule_id,
    nonconformity.rule_version,
    rule.message_vi,
    rule.message_en,
    nonconformity.unit_code,
    unit.name_vi AS unit_name_vi,
    nonconformity.dataset,
    nonconformity.grade,
    nonconformity.clause,
    nonconformity.state,
    nonconformity.opened_at,
    nonconformity.checked_count,
    nonconformity.failing_count
FROM nonconformity
INNER JOIN plan_rule AS rule ON nonconformity.rule_id = rule.id
LEFT JOIN plan_unit AS unit ON nonconformity.unit_code = unit.code
WHERE nonconformity.period = $period
ORDER BY nonconformity.number;
