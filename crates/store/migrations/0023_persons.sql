-- Who stands on rolls, by a small number that is the same wherever the same person is on a roll. Numbers are given in the
-- order of the ledger, so that a register that follows filings tells people apart as one that is read whole does.

CREATE TABLE person (
    who TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    position BIGINT NOT NULL
);

CREATE UNIQUE INDEX person_number ON person (number);

ALTER TABLE member_event ADD COLUMN person BIGINT;
