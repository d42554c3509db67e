-- What left the house, what the gate refused, and why warnings may stand.
CREATE SCHEMA published;

CREATE TABLE published.release (
    committed_seq BIGINT,
    period VARCHAR,
    version BIGINT,
    consolidation_seq BIGINT,
    datasets_sha256 VARCHAR,
    manifest_sha256 VARCHAR,
    approved_by VARCHAR,
    ledger_size BIGINT,
    ledger_head VARCHAR
);

CREATE TABLE published.request (
    committed_seq BIGINT,
    period VARCHAR,
    version BIGINT,
    consolidation_seq BIGINT,
    datasets_sha256 VARCHAR,
    definitions_sha256 VARCHAR,
    restatement VARCHAR,
    reason VARCHAR,
    embargo_until VARCHAR,
    expected_reports VARCHAR[]
);

CREATE TABLE published.approval (
    committed_seq BIGINT,
    period VARCHAR,
    version BIGINT,
    datasets_sha256 VARCHAR
);

CREATE TABLE published.withdrawal (
    committed_seq BIGINT,
    period VARCHAR,
    version BIGINT,
    reason VARCHAR
);

CREATE TABLE published.refusal (
    committed_seq BIGINT,
    period VARCHAR,
    inputs_sha256 VARCHAR,
    approved_by VARCHAR,
    reasons VARCHAR[]
);

CREATE TABLE published.justification (
    committed_seq BIGINT,
    period VARCHAR,
    rule_id VARCHAR,
    unit_code VARCHAR,
    failing_count BIGINT,
    reason VARCHAR
);
