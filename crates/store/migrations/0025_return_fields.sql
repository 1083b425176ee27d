-- What accepted returns say, as numbers in the order in which their fields are numbered: with a name at each number, a nation's
-- returns took a whole gigabyte, most of it the same sixty names. Fields get their numbers as the ledger first names them.

CREATE TABLE return_field (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE UNIQUE INDEX return_field_name ON return_field (name);

DROP TABLE annual_return;

CREATE TABLE annual_return (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    late BIGINT NOT NULL,
    form_version BIGINT NOT NULL,
    field_values TEXT NOT NULL,
    PRIMARY KEY (organisation, year, position)
);
