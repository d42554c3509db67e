-- Which few rules account for most places that failed? Rules of severity info are counted only, and stand aside here.
WITH failing AS (
    SELECT
        verdict.rule_id,
        rule.message_vi,
        rule.message_en,
        rule.severity,
        sum(verdict.failing_count)::BIGINT AS failing_count
    FROM period_verdict AS verdict
    INNER JOIN plan_rule AS rule ON verdict.rule_id = rule.id
    WHERE verdict.outcome = 'fail' AND rule.severity <> 'info'
    GROUP BY ALL
),

ranked AS (
    SELECT
        rule_id,
        message_vi,
        message_en,
        severity,
        failing_count,
        sum(failing_count) OVER (ORDER BY failing_count DESC, rule_id)::BIGINT AS cumulative_count,
        sum(failing_count) OVER ()::BIGINT AS total_count
    FROM failing
    WHERE failing_count > 0
)

SELECT
    $period AS period,
    row_number() OVER (ORDER BY failing_count DESC, rule_id) AS place,
    rule_id,
    message_vi,
    message_en,
    severity,
    failing_count,
    cumulative_count,
    total_count,
    (cumulative_count::DECIMAL(18, 0) / total_count)::DECIMAL(18, 6) AS cumulative_share
FROM ranked
ORDER BY place;
