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
    recorded_on DATE
);
