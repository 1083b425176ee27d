-- How targets were given out to units: which filing holds from when.

CREATE TABLE cascade (
    target TEXT NOT NULL,
    position BIGINT NOT NULL,
    plan TEXT NOT NULL,
    from_day TEXT NOT NULL,
    PRIMARY KEY (target, position)
);
