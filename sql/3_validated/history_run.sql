-- Runs with what fixed their results, the newest first.
SELECT
    committed_seq,
    committed_at,
    actor,
    os_user,
    trigger,
    kind,
    submission,
    period,
    code_sha256,
    lock_sha256,
    plan_sha256,
    profile_sha256,
    rules_sha256
FROM audit.run
WHERE committed_seq IN (SELECT unnest($seqs::BIGINT[]))
ORDER BY committed_seq DESC;
