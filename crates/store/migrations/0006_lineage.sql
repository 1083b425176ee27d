-- Which organisation came of which, and how.
CREATE TABLE lineage (
    source TEXT NOT NULL,
    result TEXT NOT NULL,
    position BIGINT NOT NULL,
    way TEXT NOT NULL,
    on_day TEXT NOT NULL,
    PRIMARY KEY (source, result, position)
);

CREATE INDEX lineage_result ON lineage (result);
