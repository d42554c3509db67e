-- The period's part of the register, as its events leave it: whose, due when, gone since when and by which submission.
SELECT
    nonconformity.number,
    nonconformity.period,
    nonconformity.source,
    nonconformity.rule_id,
    nonconformity.rule_version,
    -- what no rule found is told in its own words
    coalesce(rule.message_vi, nonconformity.description) AS message_vi,
    coalesce(rule.message_en, nonconformity.description) AS message_en,
    nonconformity.unit_code,
    unit.name_vi AS unit_name_vi,
    nonconformity.dataset,
    nonconformity.process,
    nonconformity.grade,
    nonconformity.clause,
    nonconformity.state,
    nonconformity.is_open,
    nonconformity.opened_at,
    nonconformity.owner,
    coalesce(owner.name_vi, nonconformity.owner) AS owner_name_vi,
    nonconformity.due_on,
    nonconformity.checked_count,
    nonconformity.failing_count,
    nonconformity.gone_at,
    nonconformity.gone_because,
    nonconformity.gone_submission,
    waiver.number AS waiver_number,
    waiver.last_day_on AS waived_until_on,
    nonconformity.recurrence_of,
    nonconformity.recurrence_count,
    nonconformity.followed_by,
    nonconformity.duplicate_of,
    nonconformity.decided_at,
    nonconformity.decided_by,
    nonconformity.reason
FROM nonconformity
LEFT JOIN plan_rule AS rule ON nonconformity.rule_id = rule.id
LEFT JOIN plan_unit AS unit ON nonconformity.unit_code = unit.code
LEFT JOIN plan_unit AS owner ON nonconformity.owner = owner.code
-- the waivers of the period that hold
LEFT JOIN waiver ON nonconformity.rule_id = waiver.rule_id AND nonconformity.unit_code = waiver.unit_code
WHERE nonconformity.period = $period
ORDER BY nonconformity.number;
