-- What left the house, and what the gate refused.
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

CREATE TABLE published.refusal (
    committed_seq BIGINT,
    period VARCHAR,
    inputs_sha256 VARCHAR,
    approved_by VARCHAR,
    reasons VARCHAR[]
);
