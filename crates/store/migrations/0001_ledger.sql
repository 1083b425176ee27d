-- The ledger: filings in one sequence, each with the hash of the one before.

CREATE TABLE ledger (
    position BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    schema BIGINT NOT NULL,
    origin TEXT NOT NULL,
    key TEXT,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE UNIQUE INDEX ledger_id ON ledger (id);
CREATE UNIQUE INDEX ledger_key ON ledger (key);
CREATE UNIQUE INDEX ledger_subject ON ledger (subject, subject_version);

-- Where the ledger ends, so that a filing cut off at the end shows.
CREATE TABLE head (
    one BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO head (one, position, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
