-- The rolls of members, as they were filed, and the keys of what is sealed in them. The keys follow from nothing and are not
-- made anew: whoever deletes one has erased what it opens.

CREATE TABLE member_event (
    organisation TEXT NOT NULL,
    position BIGINT NOT NULL,
    number BIGINT NOT NULL,
    member TEXT NOT NULL,
    on_day TEXT NOT NULL,
    act TEXT NOT NULL,
    kind TEXT,
    class TEXT,
    capital BIGINT,
    joined TEXT,
    is_foreign BIGINT,
    pseudonym TEXT,
    identity TEXT,
    marks TEXT,
    cause TEXT,
    PRIMARY KEY (organisation, position, number)
);

CREATE TABLE member_tally (
    organisation TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (organisation, position)
);

CREATE TABLE sealed_key (
    organisation TEXT NOT NULL,
    member TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (organisation, member)
);
