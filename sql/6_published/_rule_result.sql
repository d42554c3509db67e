-- The verdicts of this consolidation and those of every submission, not those of earlier consolidations.
SELECT * FROM consolidation_result
UNION ALL BY NAME
SELECT * FROM every_rule_result
WHERE file_sha256 IS NOT NULL;
