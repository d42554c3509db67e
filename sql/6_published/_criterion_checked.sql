-- On how much a rule was evaluated for a unit in a period, whatever it found; what was not evaluated counts as nothing.
SELECT coalesce(sum(checked_count), 0)::BIGINT AS checked_count
FROM period_verdict
WHERE rule_id = $rule_id AND coalesce(unit_code, '') = $unit_code AND outcome <> 'not_evaluated';
