-- Sheets of scores, returns on their way, waived checks. Every version is kept.
CREATE TABLE grade_sheet (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    stage TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (organisation, year, stage, position)
);

CREATE TABLE return_paper (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    position BIGINT NOT NULL,
    act TEXT NOT NULL,
    on_day TEXT NOT NULL,
    form_version BIGINT,
    contents TEXT NOT NULL,
    PRIMARY KEY (organisation, year, position)
);

CREATE TABLE return_waiver (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    check_name TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (organisation, year, check_name, position)
);
