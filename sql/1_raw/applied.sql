-- The last commit that the projection holds.
SELECT ledger.seq, ledger.line_sha256
FROM audit.ledger
CROSS JOIN audit.layout
WHERE layout.sha256 = $layout
ORDER BY ledger.seq DESC
LIMIT 1;
