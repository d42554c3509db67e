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
