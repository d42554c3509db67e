-- What a waiver could be about: rules that failed behind the period, by unit, with how many places.
SELECT
    result.rule_id,
    coalesce(result.unit_code, '') AS unit_code,
    sum(result.failing_count)::BIGINT AS failing_count
FROM period_verdict AS result
INNER JOIN plan_rule AS rule ON result.rule_id = rule.id
WHERE result.outcome = 'fail' AND rule.severity <> 'info'
GROUP BY ALL
ORDER BY ALL;
