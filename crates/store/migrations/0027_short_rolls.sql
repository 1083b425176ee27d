-- What stands on rolls, with what is as in the span before left out: half the text, of which a start reads all.

DROP TABLE roll;

CREATE TABLE roll (
    organisation TEXT NOT NULL PRIMARY KEY,
    spans TEXT NOT NULL,
    position BIGINT NOT NULL
);
