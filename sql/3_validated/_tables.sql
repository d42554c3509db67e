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
    failing_count BIGINT
);

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
