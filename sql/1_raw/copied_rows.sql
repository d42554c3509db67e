-- The rows of files of the store, each with the commit that named its file, in the order of the commits.
SELECT
    named.committed_seq,
    stored.* EXCLUDE (filename, file_row_number)
FROM read_parquet($paths, filename = true, file_row_number = true, hive_partitioning = false) AS stored
INNER JOIN (SELECT unnest($seqs) AS committed_seq, unnest($named) AS path) AS named ON stored.filename = named.path
ORDER BY named.committed_seq, named.path, stored.file_row_number;
