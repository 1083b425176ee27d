-- The projections: what the filings come to. All of it can be made anew from the ledger.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    seat TEXT NOT NULL,
    status TEXT NOT NULL,
    founded_on TEXT NOT NULL,
    ceased_on TEXT,
    origin TEXT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL
);

CREATE INDEX organisation_code ON organisation (code);

CREATE TABLE organisation_state (
    organisation TEXT NOT NULL,
    from_day TEXT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT,
    seat TEXT NOT NULL,
    seat_former TEXT,
    sector TEXT NOT NULL,
    vsic TEXT NOT NULL,
    difficult_area BIGINT NOT NULL,
    members BIGINT,
    capital BIGINT,
    PRIMARY KEY (organisation, from_day, position)
);

CREATE TABLE annual_return (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    late BIGINT NOT NULL,
    form_version BIGINT NOT NULL,
    contents TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, year)
);

CREATE TABLE grade (
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    score_tenths BIGINT NOT NULL,
    grade TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, year)
);

CREATE TABLE link (
    organisation TEXT NOT NULL,
    link TEXT NOT NULL,
    partner TEXT NOT NULL,
    partner_name TEXT NOT NULL,
    partner_kind TEXT NOT NULL,
    product TEXT NOT NULL,
    stages TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    value BIGINT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, link)
);

CREATE TABLE certificate (
    organisation TEXT NOT NULL,
    certificate TEXT NOT NULL,
    product TEXT NOT NULL,
    kind TEXT NOT NULL,
    stars BIGINT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, certificate)
);

CREATE TABLE adoption (
    organisation TEXT NOT NULL,
    practice TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    items TEXT NOT NULL,
    confirmed_by TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, practice, from_day)
);

CREATE TABLE promotion (
    organisation TEXT NOT NULL,
    on_day TEXT NOT NULL,
    event TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, on_day, position)
);

CREATE TABLE membership (
    organisation TEXT NOT NULL,
    in_union TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, in_union, position)
);

CREATE TABLE unit (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    parent TEXT,
    lat_e4 BIGINT,
    lon_e4 BIGINT,
    valid_from TEXT,
    valid_to TEXT,
    position BIGINT NOT NULL
);

CREATE INDEX unit_code ON unit (code);

CREATE TABLE successor (
    old_unit TEXT NOT NULL,
    new_unit TEXT NOT NULL,
    whole BIGINT NOT NULL,
    by_default BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (old_unit, new_unit)
);

CREATE TABLE plan (
    pack TEXT NOT NULL PRIMARY KEY,
    files_hash TEXT NOT NULL,
    return_due TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE plan_text (
    subject TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE figure (
    id TEXT NOT NULL PRIMARY KEY,
    indicator TEXT NOT NULL,
    unit TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contents TEXT NOT NULL,
    position BIGINT NOT NULL
);
