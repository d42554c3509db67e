-- The record and what came in. Every row names the commit (committed_seq) that brought it.
CREATE SCHEMA audit;
CREATE SCHEMA raw;

CREATE TABLE audit.ledger (
    seq BIGINT,
    committed_at VARCHAR,
    actor VARCHAR,
    os_user VARCHAR,
    trigger VARCHAR,
    kind VARCHAR,
    event_count BIGINT,
    line_sha256 VARCHAR
);

-- The hash of the definitions of these tables.
CREATE TABLE audit.layout (sha256 VARCHAR);

-- Paths of the store as they can be opened: from the workspace that is stated, else from the folder where one stands.
CREATE MACRO audit.stored(paths) AS
list_transform(paths, lambda path: coalesce(getvariable('workspace') || '/', '') || path);

-- Commits that judged something, a submission, the same again, or a period: who ran what, and everything that fixes
-- what came of it.
CREATE TABLE audit.run (
    committed_seq BIGINT,
    committed_at VARCHAR,
    actor VARCHAR,
    os_user VARCHAR,
    trigger VARCHAR,
    kind VARCHAR,
    submission VARCHAR,
    period VARCHAR,
    code_sha256 VARCHAR,
    lock_sha256 VARCHAR,
    plan_sha256 VARCHAR,
    profile_sha256 VARCHAR,
    rules_sha256 VARCHAR
);

CREATE TABLE audit.file (
    committed_seq BIGINT,
    path VARCHAR,
    sha256 VARCHAR,
    size BIGINT
);

-- Who was given a role, who lost one, and who was refused what.
CREATE TABLE audit.appointment (
    committed_seq BIGINT,
    name VARCHAR,
    role VARCHAR
);

CREATE TABLE audit.dismissal (
    committed_seq BIGINT,
    name VARCHAR,
    role VARCHAR
);

CREATE TABLE audit.refused_action (
    committed_seq BIGINT,
    action VARCHAR,
    subject VARCHAR,
    held VARCHAR[],
    why VARCHAR
);

-- Exceptions as they were granted, and those that were revoked; what holds on a day is told from both and the last day.
CREATE TABLE audit.waiver (
    committed_seq BIGINT,
    number VARCHAR,
    rule_id VARCHAR,
    unit_code VARCHAR,
    period VARCHAR,
    reason VARCHAR,
    last_day_on DATE,
    failing_count BIGINT
);

CREATE TABLE audit.waiver_revocation (
    committed_seq BIGINT,
    number VARCHAR,
    reason VARCHAR
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
    stated_sender VARCHAR,
    stated_period VARCHAR,
    stated_exported_at VARCHAR,
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

-- Cells to be read otherwise than they were sent, and submissions that were judged again (`taken.number` says which).
CREATE TABLE raw.correction (
    committed_seq BIGINT,
    number VARCHAR,
    submission VARCHAR,
    sheet VARCHAR,
    row BIGINT,
    cell VARCHAR,
    column_name VARCHAR,
    expected VARCHAR,
    replacement VARCHAR,
    reason VARCHAR,
    evidence VARCHAR
);

CREATE TABLE raw.revalidation (
    committed_seq BIGINT,
    because VARCHAR[],
    taken STRUCT(
        number VARCHAR, sender VARCHAR, unit_code VARCHAR, period VARCHAR, officially_received_on DATE,
        state VARCHAR, read_count BIGINT, accepted_count BIGINT, rejected_count BIGINT, ignored_count BIGINT,
        rules_sha256 VARCHAR, plan_sha256 VARCHAR, code_sha256 VARCHAR
    )
);

CREATE TABLE raw.withdrawal (
    committed_seq BIGINT,
    number VARCHAR,
    reason VARCHAR
);

CREATE TABLE raw.reinstatement (
    committed_seq BIGINT,
    number VARCHAR,
    reason VARCHAR
);

-- What was stated of a submission and was not so: the day and evidence of its receipt, its sender or its period.
CREATE TABLE raw.receipt_mend (
    committed_seq BIGINT,
    number VARCHAR,
    officially_received_on DATE,
    evidence VARCHAR,
    reason VARCHAR
);

CREATE TABLE raw.sender_mend (
    committed_seq BIGINT,
    number VARCHAR,
    stated_sender VARCHAR,
    stated_period VARCHAR,
    reason VARCHAR,
    evidence VARCHAR
);

CREATE TABLE raw.answer (
    committed_seq BIGINT,
    number VARCHAR,
    sha256 VARCHAR,
    size BIGINT
);
