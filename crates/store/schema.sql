-- The whole schema, as the migrations leave it. A test compares it with both databases.

CREATE TABLE account (
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    invited_on TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE account_delegation (
    account TEXT NOT NULL,
    position BIGINT NOT NULL,
    delegator TEXT NOT NULL,
    form TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    document TEXT NOT NULL,
    document_day TEXT NOT NULL,
    issuer TEXT NOT NULL,
    PRIMARY KEY (account, position)
);

CREATE TABLE account_grant (
    account TEXT NOT NULL,
    position BIGINT NOT NULL,
    number BIGINT NOT NULL,
    role TEXT NOT NULL,
    territory TEXT,
    sector TEXT,
    agency TEXT,
    organisation TEXT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    PRIMARY KEY (account, position, number)
);

CREATE TABLE adoption (
    organisation TEXT NOT NULL,
    practice TEXT NOT NULL,
    item TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    confirmed_by TEXT NOT NULL,
    evidence TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, practice, item, from_day)
);

CREATE TABLE alert_filing (
    alert TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    actor TEXT NOT NULL,
    step TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (alert, position)
);

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

CREATE TABLE api_token (
    id TEXT NOT NULL,
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    permissions TEXT NOT NULL,
    parent TEXT,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    used_at TEXT,
    PRIMARY KEY (id)
);

CREATE TABLE cascade (
    target TEXT NOT NULL,
    position BIGINT NOT NULL,
    plan TEXT NOT NULL,
    from_day TEXT NOT NULL,
    PRIMARY KEY (target, position)
);

CREATE TABLE certificate (
    organisation TEXT NOT NULL,
    certificate TEXT NOT NULL,
    product TEXT NOT NULL,
    kind TEXT NOT NULL,
    stars BIGINT,
    score_tenths BIGINT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    withdrawn_on TEXT,
    renews TEXT,
    decision TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, certificate)
);

CREATE TABLE credential (
    account TEXT NOT NULL,
    password_hash TEXT,
    changed_at TEXT,
    totp_sealed TEXT,
    totp_step BIGINT NOT NULL,
    PRIMARY KEY (account)
);

CREATE TABLE external_identity (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    bound_at TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE failed_attempt (
    key TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE feedback (
    code TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    about TEXT NOT NULL,
    unit TEXT NOT NULL,
    task TEXT NOT NULL,
    said TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (code)
);

CREATE TABLE figure (
    id TEXT NOT NULL,
    indicator TEXT NOT NULL,
    unit TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contents TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

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

CREATE TABLE head (
    one BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (one)
);

CREATE TABLE import (
    id TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    form TEXT NOT NULL,
    actor TEXT NOT NULL,
    first_position BIGINT NOT NULL,
    position BIGINT NOT NULL,
    contents TEXT NOT NULL,
    undone_position BIGINT,
    PRIMARY KEY (id)
);

CREATE TABLE kept_file (
    hash TEXT NOT NULL,
    bytes TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE kept_view (
    account TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (account, path, name)
);

CREATE TABLE ledger (
    position BIGINT NOT NULL,
    id TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    schema BIGINT NOT NULL,
    origin TEXT NOT NULL,
    key TEXT,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (position)
);

CREATE TABLE lineage (
    source TEXT NOT NULL,
    result TEXT NOT NULL,
    position BIGINT NOT NULL,
    way TEXT NOT NULL,
    on_day TEXT NOT NULL,
    PRIMARY KEY (source, result, position)
);

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

CREATE TABLE member_event (
    organisation TEXT NOT NULL,
    position BIGINT NOT NULL,
    number BIGINT NOT NULL,
    member TEXT NOT NULL,
    on_day TEXT NOT NULL,
    act TEXT NOT NULL,
    kind TEXT,
    class TEXT,
    capital BIGINT,
    joined TEXT,
    is_foreign BIGINT,
    pseudonym TEXT,
    identity TEXT,
    marks TEXT,
    cause TEXT,
    person BIGINT,
    PRIMARY KEY (organisation, position, number)
);

CREATE TABLE member_tally (
    organisation TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (organisation, position)
);

CREATE TABLE membership (
    organisation TEXT NOT NULL,
    in_union TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, in_union, position)
);

CREATE TABLE one_time_link (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE organisation (
    id TEXT NOT NULL,
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
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

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

CREATE TABLE person (
    who TEXT NOT NULL,
    number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (who)
);

CREATE TABLE plan (
    pack TEXT NOT NULL,
    files_hash TEXT NOT NULL,
    return_due TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (pack)
);

CREATE TABLE plan_draft (
    id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    text TEXT NOT NULL,
    corrections TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE plan_text (
    subject TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (subject)
);

CREATE TABLE programme (
    id TEXT NOT NULL,
    contents TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE promotion (
    organisation TEXT NOT NULL,
    on_day TEXT NOT NULL,
    event TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, on_day, position)
);

CREATE TABLE recovery_code (
    account TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);

CREATE TABLE return_draft (
    account TEXT NOT NULL,
    organisation TEXT NOT NULL,
    year BIGINT NOT NULL,
    contents TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (account, organisation, year)
);

CREATE TABLE return_field (
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (number)
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

CREATE TABLE roll (
    organisation TEXT NOT NULL,
    spans TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation)
);

CREATE TABLE schema_version (
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (version)
);

CREATE TABLE sealed_key (
    organisation TEXT NOT NULL,
    member TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (organisation, member)
);

CREATE TABLE seat_place (
    organisation TEXT NOT NULL,
    seat TEXT NOT NULL,
    position BIGINT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (organisation, seat, position)
);

CREATE TABLE session (
    hash TEXT NOT NULL,
    account TEXT NOT NULL,
    stage TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    browser TEXT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE sheet_draft (
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    file_name TEXT NOT NULL,
    contents TEXT NOT NULL,
    asked TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE successor (
    old_unit TEXT NOT NULL,
    new_unit TEXT NOT NULL,
    whole BIGINT NOT NULL,
    by_default BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (old_unit, new_unit)
);

CREATE TABLE support (
    organisation TEXT NOT NULL,
    application TEXT NOT NULL,
    programme TEXT NOT NULL,
    on_day TEXT NOT NULL,
    requested BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    no_penalty BIGINT,
    decided_on TEXT,
    approved BIGINT,
    granted BIGINT NOT NULL,
    decision TEXT NOT NULL,
    cancelled_on TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation, application)
);

CREATE TABLE support_payment (
    organisation TEXT NOT NULL,
    application TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    amount BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (organisation, application, position)
);

CREATE TABLE task_filing (
    task TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    actor TEXT NOT NULL,
    step TEXT NOT NULL,
    contents TEXT NOT NULL,
    PRIMARY KEY (task, position)
);

CREATE TABLE unit (
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    parent TEXT,
    lat_e4 BIGINT,
    lon_e4 BIGINT,
    valid_from TEXT,
    valid_to TEXT,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE unit_name (
    unit TEXT NOT NULL,
    from_day TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (unit, from_day, position)
);

CREATE TABLE webhook (
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    kinds TEXT NOT NULL,
    made_at TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE webhook_delivery (
    id TEXT NOT NULL,
    webhook TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_second BIGINT NOT NULL,
    answer BIGINT,
    failure TEXT,
    done_at TEXT,
    PRIMARY KEY (id)
);

CREATE INDEX api_token_account ON api_token (account);
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX external_identity_account ON external_identity (account);
CREATE UNIQUE INDEX feedback_said ON feedback (said);
CREATE INDEX feedback_sent_at ON feedback (sent_at);
CREATE INDEX import_file ON import (file_hash);
CREATE UNIQUE INDEX ledger_id ON ledger (id);
CREATE UNIQUE INDEX ledger_key ON ledger (key);
CREATE UNIQUE INDEX ledger_subject ON ledger (subject, subject_version);
CREATE INDEX lineage_result ON lineage (result);
CREATE INDEX link_partner ON link (partner);
CREATE INDEX organisation_code ON organisation (code);
CREATE UNIQUE INDEX person_number ON person (number);
CREATE UNIQUE INDEX return_field_name ON return_field (name);
CREATE INDEX session_account ON session (account);
CREATE INDEX support_programme ON support (programme);
CREATE INDEX unit_code ON unit (code);
CREATE INDEX webhook_delivery_due ON webhook_delivery (state, due_second);
CREATE UNIQUE INDEX webhook_delivery_position ON webhook_delivery (webhook, "position");

-- kept_file has the trigger kept_file_no_delete.
-- kept_file has the trigger kept_file_no_update.
-- ledger has the trigger ledger_no_delete.
-- ledger has the trigger ledger_no_update.
