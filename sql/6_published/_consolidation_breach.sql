-- Verdicts that failed under rules that stop a release: a false figure must not leave the house.
SELECT result.rule_id, result.unit_code
FROM rule_result AS result
INNER JOIN plan_rule AS rule ON result.rule_id = rule.id
WHERE result.period = $period AND result.outcome = 'fail' AND rule.stops_release
ORDER BY ALL;
