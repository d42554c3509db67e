-- The files of the store in which one run keeps what its rules found, those on trial too.
SELECT path
FROM audit.file
WHERE committed_seq = $run AND (path LIKE 'store/finding/%' OR path LIKE 'store/trial_finding/%')
ORDER BY path;
