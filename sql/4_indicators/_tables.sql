-- Figures and form rows of every consolidation; the latest of a period has the greatest committed_seq.
CREATE SCHEMA indicators;

CREATE TABLE indicators.consolidation (
    committed_seq BIGINT,
    period VARCHAR,
    as_of_seq BIGINT,
    inputs_sha256 VARCHAR,
    rules_sha256 VARCHAR,
    plan_sha256 VARCHAR,
    indicators_sha256 VARCHAR,
    code_sha256 VARCHAR
);

CREATE TABLE indicators.figure (
    committed_seq BIGINT,
    period VARCHAR,
    indicator_id VARCHAR,
    unit_code VARCHAR,
    dimension VARCHAR,
    dimension_value VARCHAR,
    numerator DECIMAL(18, 3),
    denominator DECIMAL(18, 3),
    status VARCHAR,
    before_period VARCHAR,
    before_numerator DECIMAL(18, 3),
    before_denominator DECIMAL(18, 3),
    trend VARCHAR,
    year_ago_period VARCHAR,
    year_ago_numerator DECIMAL(18, 3),
    year_ago_denominator DECIMAL(18, 3),
    year_ago_trend VARCHAR,
    is_series_broken BOOLEAN
);

CREATE TABLE indicators.target_result (
    committed_seq BIGINT,
    period VARCHAR,
    target_id VARCHAR,
    indicator_id VARCHAR,
    dimension VARCHAR,
    dimension_value VARCHAR,
    status VARCHAR,
    reason VARCHAR
);

CREATE TABLE indicators.form_row (
    committed_seq BIGINT,
    period VARCHAR,
    handling_office VARCHAR,
    field VARCHAR,
    received_total BIGINT,
    received_online BIGINT,
    received_in_person_or_postal BIGINT,
    carried_over BIGINT,
    resolved_total BIGINT,
    resolved_early BIGINT,
    resolved_on_time BIGINT,
    resolved_overdue BIGINT,
    pending_total BIGINT,
    pending_within_due BIGINT,
    pending_overdue BIGINT,
    withdrawn BIGINT,
    waiting BIGINT
);
