-- Linkage contracts by the spans of their terms, with volume, area and proof.

DROP TABLE link;

CREATE TABLE link (
    organisation TEXT NOT NULL,
    link TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    signed_on TEXT NOT NULL,
    partner TEXT NOT NULL,
    partner_name TEXT NOT NULL,
    partner_kind TEXT NOT NULL,
    product TEXT NOT NULL,
    stages TEXT NOT NULL,
    value BIGINT,
    volume BIGINT,
    volume_unit TEXT,
    area BIGINT,
    proof TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, link, from_day)
);
