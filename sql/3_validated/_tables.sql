-- Verdicts: those of one submission name its file, those of a consolidation its period.
CREATE SCHEMA validated;

CREATE TABLE validated.rule_result (
    committed_seq BIGINT,
    rule_id VARCHAR,
    rule_version BIGINT,
    dataset VARCHAR,
    unit_code VARCHAR,
    period VARCHAR,
    file_sha256 VARCHAR,
    outcome VARCHAR,
    reason VARCHAR,
    checked_count BIGINT,
    failing_count BIGINT,
    -- Said by a version on trial: nothing followed from it.
    is_shadow BOOLEAN
);

-- Every verdict ever reached, with the run that reached it and the submission, where it was about one.
CREATE VIEW validated.verdict AS
SELECT
    result.committed_seq,
    run.committed_at,
    run.submission,
    result.rule_id,
    result.rule_version,
    coalesce(result.unit_code, '') AS unit_code,
    coalesce(result.period, run.period, '') AS period,
    submission.window_last_day,
    result.outcome,
    result.reason,
    result.checked_count,
    result.failing_count,
    result.is_shadow
FROM validated.rule_result AS result
INNER JOIN audit.run AS run ON result.committed_seq = run.committed_seq
LEFT JOIN raw.submission AS submission ON result.committed_seq = submission.committed_seq;

CREATE TABLE validated.expected_report (
    committed_seq BIGINT,
    period VARCHAR,
    report_type VARCHAR,
    unit_code VARCHAR,
    last_day_on DATE,
    state VARCHAR,
    submission VARCHAR,
    file_sha256 VARCHAR,
    officially_received_on DATE,
    recorded_on DATE,
    round_count BIGINT,
    is_first_time_right BOOLEAN,
    submission_at_due VARCHAR,
    submission_in_force VARCHAR,
    days_to_acceptance BIGINT
);

CREATE TABLE validated.task_state (
    committed_seq BIGINT,
    period VARCHAR,
    task_id VARCHAR,
    occurrence BIGINT,
    area VARCHAR,
    lead VARCHAR,
    schedule_kind VARCHAR,
    last_day_on DATE,
    done_on DATE,
    evidence VARCHAR,
    state VARCHAR,
    file_sha256 VARCHAR,
    sheet VARCHAR,
    row BIGINT,
    cell VARCHAR
);

-- The verdicts that a question about the history is about: what it does not narrow down is NULL. The record as it stood
-- before a moment is what was committed before the first later commit. A log belongs to the quarter, of those given, in
-- which its window ends.
CREATE MACRO validated.asked(
    before, asked_rule, asked_unit, asked_run, asked_submission, asked_period, period_ids, first_days, last_days
) AS TABLE
WITH flow_period AS (
    SELECT
        unnest(period_ids::VARCHAR[]) AS id,
        unnest(first_days::DATE[]) AS first_day,
        unnest(last_days::DATE[]) AS last_day
),

known AS (
    SELECT coalesce(min(seq), 9223372036854775807) AS first_unknown_seq
    FROM audit.ledger
    WHERE committed_at >= before
),

-- What somebody accepted, as far as it was known and not taken back.
waived AS (
    SELECT rule_id, unit_code, period, arg_max(number || ': ' || reason, committed_seq) AS said
    FROM audit.waiver
    CROSS JOIN known
    WHERE
        waiver.committed_seq < known.first_unknown_seq
        AND number NOT IN (
            SELECT revocation.number
            FROM audit.waiver_revocation AS revocation
            WHERE revocation.committed_seq < known.first_unknown_seq
        )
    GROUP BY ALL
)

SELECT
    verdict.* EXCLUDE (period, window_last_day, outcome, reason),
    coalesce(nullif(verdict.period, ''), flow_period.id, '') AS period,
    CASE WHEN verdict.outcome = 'fail' AND waived.said IS NOT NULL THEN 'waived' ELSE verdict.outcome END AS outcome,
    CASE WHEN verdict.outcome = 'fail' AND waived.said IS NOT NULL THEN waived.said ELSE verdict.reason END AS reason
FROM validated.verdict AS verdict
CROSS JOIN known
LEFT JOIN flow_period
    ON verdict.period = '' AND verdict.window_last_day BETWEEN flow_period.first_day AND flow_period.last_day
LEFT JOIN waived
    ON
        verdict.rule_id = waived.rule_id
        AND verdict.unit_code = waived.unit_code
        AND coalesce(nullif(verdict.period, ''), flow_period.id, '') = waived.period
WHERE
    verdict.committed_seq < known.first_unknown_seq
    AND (asked_rule IS NULL OR verdict.rule_id = asked_rule)
    AND (asked_unit IS NULL OR verdict.unit_code = asked_unit)
    AND (asked_run IS NULL OR verdict.committed_seq = asked_run)
    AND (asked_submission IS NULL OR verdict.submission = asked_submission)
    AND (asked_period IS NULL OR coalesce(nullif(verdict.period, ''), flow_period.id, '') = asked_period);
