-- The record and what came in. Every row names the commit (committed_seq) that brought it.
CREATE SCHEMA audit;
CREATE SCHEMA raw;

CREATE TABLE audit.ledger (
    seq BIGINT,
    committed_at VARCHAR,
    actor VARCHAR,
    os_user VARCHAR,
    kind VARCHAR,
    event_count BIGINT,
    line_sha256 VARCHAR
);

-- The folder whose files the views read.
CREATE TABLE audit.workspace (root VARCHAR);

CREATE TABLE audit.file (
    committed_seq BIGINT,
    path VARCHAR,
    sha256 VARCHAR,
    size BIGINT
);

CREATE TABLE raw.submission (
    committed_seq BIGINT,
    number VARCHAR,
    kind VARCHAR,
    file_sha256 VARCHAR,
    file_size BIGINT,
    suffix VARCHAR,
    sender VARCHAR,
    unit_code VARCHAR,
    period VARCHAR,
    report_type VARCHAR,
    profile_id VARCHAR,
    profile_sha256 VARCHAR,
    encoding VARCHAR,
    delimiter VARCHAR,
    coverage VARCHAR,
    window_first_day DATE,
    window_last_day DATE,
    exported_at TIMESTAMP,
    officially_received_on DATE,
    evidence VARCHAR,
    recorded_at VARCHAR,
    state VARCHAR,
    is_blank BOOLEAN,
    refusal VARCHAR,
    read_count BIGINT,
    accepted_count BIGINT,
    rejected_count BIGINT,
    ignored_count BIGINT,
    rules_sha256 VARCHAR,
    plan_sha256 VARCHAR,
    code_sha256 VARCHAR
);

-- The same bytes, come once more.
CREATE TABLE raw.sighting (
    committed_seq BIGINT,
    number VARCHAR,
    officially_received_on DATE,
    evidence VARCHAR
);

CREATE TABLE raw.withdrawal (
    committed_seq BIGINT,
    number VARCHAR,
    reason VARCHAR
);
