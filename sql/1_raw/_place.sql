-- Where the workspace lies whose store the views read; it stands in the connection alone, never in the file.
SET VARIABLE workspace = $workspace;
