-- Returns and grades keep every version, so that a day before a correction still has what was filed until then.

DROP TABLE annual_return;

CREATE TABLE annual_return (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    late BIGINT NOT NULL,
    form_version BIGINT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (organisation, year, position)
);

DROP TABLE grade;

CREATE TABLE grade (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    score_tenths BIGINT NOT NULL,
    grade TEXT NOT NULL,
    PRIMARY KEY (organisation, year, position)
);
