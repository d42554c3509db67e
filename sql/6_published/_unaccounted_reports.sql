-- Expected reports that were neither received nor waived. What came and was rejected did not come; a report whose last
-- day nobody knows (not_determined) cannot be called for. The rule that a waiver must name stands beside each.
WITH owed AS (
    SELECT
        expected_report.report_type,
        expected_report.unit_code,
        expected_report.state,
        CASE expected_report.state WHEN 'rejected' THEN 'P003' ELSE 'P001' END AS rule_id
    FROM expected_report
    WHERE expected_report.state IN ('missing', 'rejected', 'not_due')
)

SELECT owed.report_type, owed.unit_code, owed.state, owed.rule_id
FROM owed
ANTI JOIN waiver ON owed.rule_id = waiver.rule_id AND owed.unit_code = waiver.unit_code
ORDER BY owed.report_type, owed.unit_code;
