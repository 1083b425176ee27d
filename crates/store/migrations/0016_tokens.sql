-- What programs prove themselves by. Apart from the ledger, as sessions are; only hashes, so that nothing here lets anybody in.

CREATE TABLE api_token (
    id TEXT NOT NULL,
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    permissions TEXT NOT NULL,
    parent TEXT,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    used_at TEXT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_account ON api_token (account);
