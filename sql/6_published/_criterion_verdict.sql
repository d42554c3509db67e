-- On how much a rule was evaluated for a unit in a period, whatever it found, and how much its consolidation found to
-- fail, waived or not; what was not evaluated counts as nothing. What failed in a file is of the days of its rows, not of
-- the period: the consolidation judged that already.
SELECT
    coalesce(sum(checked_count), 0)::BIGINT AS checked_count,
    coalesce(sum(failing_count) FILTER (WHERE file_sha256 IS NULL), 0)::BIGINT AS failing_count
FROM period_verdict
WHERE rule_id = $rule_id AND coalesce(unit_code, '') = $unit_code AND outcome <> 'not_evaluated';
