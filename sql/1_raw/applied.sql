SELECT seq, line_sha256 FROM audit.ledger ORDER BY seq DESC LIMIT 1;
