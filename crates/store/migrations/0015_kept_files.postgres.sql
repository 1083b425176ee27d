-- The files of issued reports, under their hash, in base64: one text for both databases. They are never changed or removed.

CREATE TABLE kept_file (
    hash TEXT NOT NULL,
    bytes TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE FUNCTION kept_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a file of an issued report is never changed or removed';
END
$$;

CREATE TRIGGER kept_file_no_update BEFORE UPDATE ON kept_file
FOR EACH STATEMENT EXECUTE FUNCTION kept_file_stays();

CREATE TRIGGER kept_file_no_delete BEFORE DELETE OR TRUNCATE ON kept_file
FOR EACH STATEMENT EXECUTE FUNCTION kept_file_stays();
