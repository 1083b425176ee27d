-- What stood on the roll of each organisation from when to when, as one text of numbers: a nation has eight million memberships, and
-- to fold all that was ever filed about them would take a start without a snapshot a minute.

CREATE TABLE roll (
    organisation TEXT NOT NULL PRIMARY KEY,
    spans TEXT NOT NULL,
    position BIGINT NOT NULL
);
