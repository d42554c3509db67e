-- A view over files of the store. It names them from the workspace's folder, so the database may be moved with it.
CREATE OR REPLACE VIEW viewed AS
SELECT * FROM read_parquet(audit.stored($paths), union_by_name = $is_varied, hive_partitioning = false);
