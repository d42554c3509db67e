-- How far can a figure be relied on? By what it is computed from and whose it is ('' is the whole department): rows
-- accepted of rows read for logs, reports received of reports expected for the rest; open nonconformities and waivers
-- about the same data. Estimated: of a report in it that the plan calls provisional, in time or late, none came since
-- the period ended. Provisional: the period was not over, or something that is expected did not come.
WITH data_of AS (
    SELECT *
    FROM (
        VALUES
        ('dossier', 'dossier'), ('dossier', 'form_ii06a'), ('dossier', 'calendar'), ('report', 'report'),
        ('task', 'task'), ('reporting', 'reporting'), ('plan', 'plan')
    ) AS pair (source, dataset)
),

scope AS (
    SELECT indicator.source, figure.unit_code
    FROM figure
    INNER JOIN plan_indicator AS indicator ON figure.indicator_id = indicator.id
    UNION
    SELECT 'dossier' AS source, handling_office AS unit_code FROM form_row
    UNION
    SELECT 'dossier' AS source, '' AS unit_code
),

logs AS (
    SELECT
        coalesce(sum(accepted_count), 0)::BIGINT AS accepted_count,
        coalesce(sum(read_count - ignored_count), 0)::BIGINT AS read_count
    FROM submission
    WHERE kind = 'dossier_log' AND is_in_force AND window_first_day <= $last_day AND window_last_day >= $first_day
),

expected AS (
    SELECT
        CASE WHEN type.form = 'dossier_log' THEN 'dossier' WHEN type.tasks = 'plan' THEN 'task' ELSE 'report' END AS source,
        -- one log speaks for every office
        CASE WHEN type.form = 'dossier_log' THEN '' ELSE report.unit_code END AS unit_code,
        report.state,
        -- of what is due on no known day nothing may have come
        report.submission_in_force IS NOT NULL AS is_received,
        due.is_provisional AND in_force.officially_received_on <= $last_day AS is_provisional
    FROM expected_report AS report
    INNER JOIN plan_report_type AS type ON report.report_type = type.id
    INNER JOIN plan_report_due AS due ON report.report_type = due.report_type AND due.period = $period
    LEFT JOIN submission AS in_force ON report.submission_in_force = in_force.number
),

reports AS (
    SELECT
        scope.source,
        scope.unit_code,
        coalesce(count_if(expected.is_received), 0)::BIGINT AS received_count,
        count(expected.state)::BIGINT AS expected_count,
        count_if(expected.state IN ('missing', 'rejected', 'not_due'))::BIGINT AS lacking_count,
        count_if(expected.is_provisional)::BIGINT AS provisional_count
    FROM scope
    LEFT JOIN expected
        ON scope.source = expected.source AND (scope.unit_code = '' OR expected.unit_code IN ('', scope.unit_code))
    GROUP BY ALL
),

nonconforming AS (
    SELECT scope.source, scope.unit_code, count(DISTINCT nonconformity.number)::BIGINT AS open_count
    FROM scope
    INNER JOIN data_of ON scope.source = data_of.source
    INNER JOIN nonconformity
        ON
            data_of.dataset = nonconformity.dataset
            AND nonconformity.period = $period
            AND nonconformity.is_open
            AND (scope.unit_code = '' OR scope.unit_code = nonconformity.unit_code)
    GROUP BY ALL
),

waived AS (
    SELECT scope.source, scope.unit_code, count(DISTINCT waiver.number)::BIGINT AS waiver_count
    FROM scope
    INNER JOIN data_of ON scope.source = data_of.source
    INNER JOIN plan_rule AS rule ON data_of.dataset = rule.dataset
    INNER JOIN waiver
        ON rule.id = waiver.rule_id AND (scope.unit_code = '' OR scope.unit_code = waiver.unit_code)
    GROUP BY ALL
)

SELECT
    scope.source,
    scope.unit_code,
    CASE
        WHEN reports.provisional_count > 0 THEN 'estimated'
        WHEN $as_of < $last_day OR reports.lacking_count > 0 THEN 'provisional'
        ELSE 'final'
    END AS label,
    -- The plan itself, and who sent what, are read from no file.
    CASE
        WHEN scope.source = 'dossier' THEN logs.accepted_count
        WHEN scope.source IN ('report', 'task') THEN reports.received_count
    END AS coverage_accepted,
    CASE
        WHEN scope.source = 'dossier' THEN logs.read_count
        WHEN scope.source IN ('report', 'task') THEN reports.expected_count
    END AS coverage_read,
    coalesce(nonconforming.open_count, 0) AS open_nonconformity_count,
    coalesce(waived.waiver_count, 0) AS waiver_count
FROM scope
CROSS JOIN logs
INNER JOIN reports ON scope.source = reports.source AND scope.unit_code = reports.unit_code
LEFT JOIN nonconforming ON scope.source = nonconforming.source AND scope.unit_code = nonconforming.unit_code
LEFT JOIN waived ON scope.source = waived.source AND scope.unit_code = waived.unit_code
ORDER BY scope.source, scope.unit_code;
