-- Imports of spreadsheets, and the files that somebody looks over before they are taken: for a day, and no part of the ledger.

CREATE TABLE import (
    id TEXT NOT NULL PRIMARY KEY,
    file_hash TEXT NOT NULL,
    form TEXT NOT NULL,
    actor TEXT NOT NULL,
    first_position BIGINT NOT NULL,
    position BIGINT NOT NULL,
    contents TEXT NOT NULL,
    undone_position BIGINT
);

CREATE INDEX import_file ON import (file_hash);

CREATE TABLE sheet_draft (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    file_name TEXT NOT NULL,
    contents TEXT NOT NULL,
    asked TEXT NOT NULL,
    keep_until TEXT NOT NULL
);
