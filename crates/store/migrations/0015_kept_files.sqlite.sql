-- The files of issued reports, under their hash, in base64: one text for both databases. They are never changed or removed.

CREATE TABLE kept_file (
    hash TEXT NOT NULL,
    bytes TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TRIGGER kept_file_no_update BEFORE UPDATE ON kept_file
BEGIN
    SELECT RAISE(ABORT, 'a file of an issued report is never changed');
END;

CREATE TRIGGER kept_file_no_delete BEFORE DELETE ON kept_file
BEGIN
    SELECT RAISE(ABORT, 'a file of an issued report is never removed');
END;
