-- The register as its events leave it.
CREATE SCHEMA nonconformities;

CREATE TABLE nonconformities.nonconformity (
    number VARCHAR,
    rule_id VARCHAR,
    rule_version BIGINT,
    unit_code VARCHAR,
    period VARCHAR,
    dataset VARCHAR,
    grade VARCHAR,
    clause VARCHAR,
    state VARCHAR,
    opened_at VARCHAR,
    checked_count BIGINT,
    failing_count BIGINT,
    evidence VARCHAR[]
);

-- Exceptions as they were granted, and those that were revoked; what holds on a day is told from both and the last day.
CREATE TABLE nonconformities.waiver (
    committed_seq BIGINT,
    number VARCHAR,
    rule_id VARCHAR,
    unit_code VARCHAR,
    period VARCHAR,
    reason VARCHAR,
    last_day_on DATE,
    failing_count BIGINT
);

CREATE TABLE nonconformities.waiver_revocation (
    committed_seq BIGINT,
    number VARCHAR,
    reason VARCHAR
);
