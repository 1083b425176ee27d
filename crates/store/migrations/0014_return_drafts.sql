-- Returns that somebody is filling in: nobody's filing yet, changed as one types and dropped when the return is handed in.

CREATE TABLE return_draft (
    account TEXT NOT NULL,
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    contents TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (account, organisation, year)
);
