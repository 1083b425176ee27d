-- Who an account is at the provider of identities that the operator trusts: beside the ledger, as all that proves who
-- signs in. The hash says nothing about a person to whoever has not the instance's key.
CREATE TABLE external_identity (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    bound_at TEXT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE INDEX external_identity_account ON external_identity (account);
