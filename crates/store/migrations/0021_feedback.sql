-- What people wrote from the public side, sealed with the instance's key: it may hold what nobody should read in a ledger for ever.
-- The task that it led to is a filing. Rebuilding leaves it alone.

CREATE TABLE feedback (
    code TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    about TEXT NOT NULL,
    unit TEXT NOT NULL,
    task TEXT NOT NULL,
    said TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (code)
);
CREATE INDEX feedback_sent_at ON feedback (sent_at);
CREATE UNIQUE INDEX feedback_said ON feedback (said);
