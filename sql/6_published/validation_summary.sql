-- What became of every rule, one row each, failing ones first. A rule that nobody asked about was not evaluated.
WITH verdict AS (
    SELECT
        rule_id,
        sum(checked_count)::BIGINT AS checked_count,
        sum(failing_count)::BIGINT AS failing_count,
        count(DISTINCT unit_code) FILTER (WHERE outcome IN ('fail', 'waived')) AS failing_unit_count,
        bool_or(outcome = 'fail') AS has_failed,
        bool_or(outcome = 'waived') AS has_waived,
        coalesce(sum(failing_count) FILTER (WHERE outcome = 'waived'), 0)::BIGINT AS waived_count,
        string_agg(DISTINCT reason, '; ' ORDER BY reason) FILTER (WHERE outcome = 'waived') AS waived_reason,
        bool_or(outcome = 'pass') AS has_passed,
        count_if(outcome = 'not_evaluated') AS not_evaluated_count,
        string_agg(DISTINCT reason, '; ' ORDER BY reason) FILTER (WHERE outcome = 'not_evaluated' AND reason <> '')
            AS not_evaluated_reason
    FROM period_verdict
    GROUP BY rule_id
),

said AS (
    SELECT
        rule_id,
        string_agg(reason, '; ' ORDER BY unit_code) AS justification
    FROM justification
    GROUP BY rule_id
),

summary AS (
    SELECT
        $period AS period,
        rule.id AS rule_id,
        rule.kind AS rule_kind,
        rule.severity,
        rule.grade,
        rule.message_vi,
        rule.message_en,
        CASE
            WHEN verdict.has_failed THEN 'fail'
            WHEN verdict.has_waived THEN 'waived'
            WHEN verdict.has_passed THEN 'pass'
            ELSE 'not_evaluated'
        END AS outcome,
        coalesce(verdict.checked_count, 0) AS checked_count,
        coalesce(verdict.failing_count, 0) AS failing_count,
        coalesce(verdict.waived_count, 0) AS waived_count,
        coalesce(verdict.failing_unit_count, 0) AS failing_unit_count,
        coalesce(verdict.not_evaluated_count, 0) AS not_evaluated_count,
        -- Why some verdicts, or all of them, could not be given.
        CASE
            WHEN verdict.rule_id IS NULL THEN 'không có dữ liệu để kiểm tra / nothing to check'
            ELSE coalesce(verdict.not_evaluated_reason, '')
        END AS not_evaluated_reason,
        -- What somebody said of its warnings, and every waiver.
        concat_ws('; ', said.justification, verdict.waived_reason) AS justification
    FROM plan_rule AS rule
    LEFT JOIN verdict ON rule.id = verdict.rule_id
    LEFT JOIN said ON rule.id = said.rule_id
)

SELECT *
FROM summary
ORDER BY
    CASE outcome WHEN 'fail' THEN 1 WHEN 'waived' THEN 2 WHEN 'not_evaluated' THEN 3 ELSE 4 END,
    CASE severity WHEN 'fatal' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END,
    rule_id;
