-- The last commit that the projection holds, and the folder that its views read.
SELECT ledger.seq, ledger.line_sha256, workspace.root
FROM audit.ledger
CROSS JOIN audit.workspace
WHERE workspace.layout = $layout
ORDER BY ledger.seq DESC
LIMIT 1;
