-- Rows and cells as cast, one file of the store per submission; the schema holds views over those files.
CREATE SCHEMA staged;
