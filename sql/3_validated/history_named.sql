-- The commits of a submission and of a run, as they are named and known, null where there is none; and how many commits
-- the projection holds.
WITH known AS (
    SELECT coalesce(min(seq), 9223372036854775807) AS first_unknown_seq
    FROM audit.ledger
    WHERE committed_at >= $before
)

SELECT
    max(run.committed_seq) FILTER (run.submission = $submission) AS submission_seq,
    max(run.committed_seq) FILTER (run.committed_seq = $run) AS run_seq,
    (SELECT max(seq) FROM audit.ledger) AS held_count
FROM audit.run AS run, known
WHERE run.committed_seq < known.first_unknown_seq;
