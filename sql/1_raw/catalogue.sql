-- Every table and view with its columns and, for a view, its definition.
SELECT
    entry.schema_name || '.' || entry.name AS name,
    entry.kind,
    entry.definition,
    list(columns.column_name || ' ' || columns.data_type ORDER BY columns.column_index) AS columns
FROM (
    SELECT schema_name, table_name AS name, 'table' AS kind, '' AS definition FROM duckdb_tables() WHERE NOT internal
    UNION ALL
    SELECT schema_name, view_name AS name, 'view' AS kind, coalesce(sql, '') AS definition
    FROM duckdb_views()
    WHERE NOT internal
) AS entry
INNER JOIN duckdb_columns() AS columns ON entry.schema_name = columns.schema_name AND entry.name = columns.table_name
GROUP BY ALL
ORDER BY name;
