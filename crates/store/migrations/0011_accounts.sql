CREATE TABLE account (
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    invited_on TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE account_grant (
    account TEXT NOT NULL,
    position BIGINT NOT NULL,
    number BIGINT NOT NULL,
    role TEXT NOT NULL,
    territory TEXT,
    sector TEXT,
    agency TEXT,
    organisation TEXT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    PRIMARY KEY (account, position, number)
);
CREATE TABLE account_delegation (
    account TEXT NOT NULL,
    position BIGINT NOT NULL,
    delegator TEXT NOT NULL,
    form TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    document TEXT NOT NULL,
    document_day TEXT NOT NULL,
    issuer TEXT NOT NULL,
    PRIMARY KEY (account, position)
);
-- What follows is apart from the ledger: it can be changed and forgotten.
CREATE TABLE credential (
    account TEXT NOT NULL,
    password_hash TEXT,
    changed_at TEXT,
    totp_sealed TEXT,
    totp_step BIGINT NOT NULL,
    PRIMARY KEY (account)
);
CREATE TABLE recovery_code (
    account TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);
CREATE TABLE one_time_link (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE TABLE session (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    stage TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    browser TEXT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE TABLE failed_attempt (
    key TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX session_account ON session (account);
