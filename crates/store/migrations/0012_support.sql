-- Certificates that can be renewed and withdrawn, check-lists by item, support programmes with their applications and payments.

DROP TABLE certificate;

CREATE TABLE certificate (
    organisation TEXT NOT NULL,
    certificate TEXT NOT NULL,
    product TEXT NOT NULL,
    kind TEXT NOT NULL,
    stars BIGINT,
    score_tenths BIGINT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    withdrawn_on TEXT,
    renews TEXT,
    decision TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, certificate)
);

DROP TABLE adoption;

CREATE TABLE adoption (
    organisation TEXT NOT NULL,
    practice TEXT NOT NULL,
    item TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    confirmed_by TEXT NOT NULL,
    evidence TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, practice, item, from_day)
);

CREATE TABLE programme (
    id TEXT NOT NULL,
    contents TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE support (
    organisation TEXT NOT NULL,
    application TEXT NOT NULL,
    programme TEXT NOT NULL,
    on_day TEXT NOT NULL,
    requested BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    no_penalty BIGINT,
    decided_on TEXT,
    approved BIGINT,
    granted BIGINT NOT NULL,
    decision TEXT NOT NULL,
    cancelled_on TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, application)
);

CREATE TABLE support_payment (
    organisation TEXT NOT NULL,
    application TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    amount BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation, application, position)
);

CREATE INDEX support_programme ON support (programme);
