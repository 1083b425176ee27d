-- Documents that somebody reads in the browser, with what was corrected: for a day or two, and no part of the ledger.

CREATE TABLE plan_draft (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    text TEXT NOT NULL,
    corrections TEXT NOT NULL,
    keep_until TEXT NOT NULL
);
