-- The exceptions that hold for the period on the day of the release: what is accepted, by whom, why and until when.
SELECT
    $period AS period,
    waiver.number,
    waiver.rule_id,
    rule.message_vi,
    rule.message_en,
    rule.severity,
    waiver.unit_code,
    unit.name_vi AS unit_name_vi,
    waiver.failing_count,
    waiver.reason,
    waiver.approved_by,
    waiver.last_day_on
FROM waiver
INNER JOIN plan_rule AS rule ON waiver.rule_id = rule.id
LEFT JOIN plan_unit AS unit ON waiver.unit_code = unit.code
ORDER BY waiver.number;
