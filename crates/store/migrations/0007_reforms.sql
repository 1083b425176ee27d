-- Names that units got later, and decisions where seats lie.

CREATE TABLE unit_name (
    unit TEXT NOT NULL,
    from_day TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (unit, from_day, position)
);

CREATE TABLE seat_place (
    organisation TEXT NOT NULL,
    seat TEXT NOT NULL,
    position BIGINT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (organisation, seat, position)
);
