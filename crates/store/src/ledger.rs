//! The ledger's table: filings in, filings out, exactly as they were hashed.

use hoptac_model::date::day_ends;
use hoptac_model::filing::{Draft, Filing, FilingKind, Hash, Origin, Subject};
use hoptac_model::ids::FilingId;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::known::recorded_before;
use crate::row::Row;
use crate::table::number;

/// Where the ledger ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The position of the last filing, 0 while there is none.
    pub(crate) position: u64,
    /// Its hash.
    pub(crate) hash: Hash,
}

/// The end of the ledger, as noted.
pub(crate) async fn head(connection: &mut AnyConnection) -> Result<Head, Error> {
    let row = sqlx::query("SELECT position, hash FROM head WHERE one = 1")
        .fetch_optional(connection)
        .await
        .map_err(failure("reading where the ledger ends"))?;
    read_head(row.as_ref().ok_or_else(no_head)?)
}

/// The end of the ledger, as noted, and when the filing there was recorded.
pub(crate) async fn head_with_time(
    connection: &mut AnyConnection,
) -> Result<(Head, Option<Timestamp>), Error> {
    // One statement, as every filing begins with it.
    let sql = "SELECT head.position, head.hash, ledger.recorded_at \
               FROM head LEFT JOIN ledger ON ledger.position = head.position WHERE one = 1";
    let row = sqlx::query(sql)
        .fetch_optional(connection)
        .await
        .map_err(failure("reading where the ledger ends"))?;
    let row = row.as_ref().ok_or_else(no_head)?;
    let recorded_at = Row { table: "ledger", row }.exact_or_none("recorded_at")?;
    Ok((read_head(row)?, recorded_at))
}

fn read_head(row: &AnyRow) -> Result<Head, Error> {
    let row = Row { table: "head", row };
    Ok(Head { position: row.whole("position")?, hash: hash(row, "hash")? })
}

fn no_head() -> Error {
    Error::Stored { table: "head", column: "one", value: "no row".to_owned() }
}

/// Filings behind a position, in order.
pub(crate) async fn filings(
    connection: &mut AnyConnection,
    after: u64,
    limit: u32,
) -> Result<Vec<Filing>, Error> {
    rows(connection, after, limit).await?.iter().map(filing).collect()
}

/// Rows of filings behind a position, in order, not read yet.
pub(crate) async fn rows(
    connection: &mut AnyConnection,
    after: u64,
    limit: u32,
) -> Result<Vec<AnyRow>, Error> {
    let sql = "SELECT * FROM ledger WHERE position > $1 ORDER BY position LIMIT $2";
    sqlx::query(sql)
        .bind(number(after))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await
        .map_err(failure("reading the ledger"))
}

/// The filing at a position.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    position: u64,
) -> Result<Option<Filing>, Error> {
    let row = sqlx::query("SELECT * FROM ledger WHERE position = $1")
        .bind(number(position))
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a filing"))?;
    row.as_ref().map(filing).transpose()
}

/// The filing that was accepted with an idempotency key.
pub(crate) async fn find_key(
    connection: &mut AnyConnection,
    key: &str,
) -> Result<Option<Filing>, Error> {
    let row = sqlx::query("SELECT * FROM ledger WHERE key = $1")
        .bind(key)
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for an idempotency key"))?;
    row.as_ref().map(filing).transpose()
}

/// The filing with an identity.
pub(crate) async fn find_id(
    connection: &mut AnyConnection,
    id: FilingId,
) -> Result<Option<Filing>, Error> {
    let row = sqlx::query("SELECT * FROM ledger WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for a filing by its identity"))?;
    row.as_ref().map(filing).transpose()
}

/// Filings behind a position whose body names something, in order.
pub(crate) async fn naming(
    connection: &mut AnyConnection,
    name: &str,
    after: u64,
) -> Result<Vec<Filing>, Error> {
    let sql = "SELECT * FROM ledger WHERE position > $1 AND body LIKE $2 ORDER BY position";
    let rows = sqlx::query(sql)
        .bind(number(after))
        .bind(format!("%{name}%"))
        .fetch_all(connection)
        .await
        .map_err(failure("looking for filings that name something"))?;
    rows.iter().map(filing).collect()
}

/// All filings about a subject up to a position, in order.
pub(crate) async fn about(
    connection: &mut AnyConnection,
    subject: &Subject,
    up_to: u64,
) -> Result<Vec<Filing>, Error> {
    let sql = "SELECT * FROM ledger WHERE subject = $1 AND position <= $2 ORDER BY subject_version";
    let rows = sqlx::query(sql)
        .bind(&subject.0)
        .bind(number(up_to))
        .fetch_all(connection)
        .await
        .map_err(failure("reading the filings about a subject"))?;
    rows.iter().map(filing).collect()
}

/// Which filings of the ledger somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerQuestion {
    /// Of this kind.
    pub kind: Option<FilingKind>,
    /// Filed by this account, or on behalf of it.
    pub actor: Option<String>,
    /// About this subject.
    pub subject: Option<Subject>,
    /// Recorded from this day on, in Viet Nam.
    pub from: Option<Date>,
    /// Recorded until this day.
    pub to: Option<Date>,
    /// Before this position, to turn pages.
    pub before: Option<u64>,
}

/// The filings that answer a question, the newest first.
pub(crate) async fn newest(
    connection: &mut AnyConnection,
    question: &LedgerQuestion,
    limit: u32,
) -> Result<Vec<Filing>, Error> {
    let head = head(connection).await?.position;
    let mut below = question.before.unwrap_or(u64::MAX).min(head + 1);
    if let Some(end) = question.to.and_then(day_ends) {
        below = below.min(recorded_before(connection, head, end).await? + 1);
    }
    let start = question.from.and_then(|day| day_ends(day.yesterday().ok()?));
    let after = match start {
        Some(start) => recorded_before(connection, head, start).await?,
        None => 0,
    };
    // Who signs for another is written with both names.
    let sql = "SELECT * FROM ledger WHERE position > $1 AND position < $2 \
               AND ($3 = '' OR kind = $3) AND ($4 = '' OR subject = $4) \
               AND ($5 = '' OR actor = $5 OR actor LIKE $5 || ' %' OR actor LIKE '% ' || $5) \
               ORDER BY position DESC LIMIT $6";
    let rows = sqlx::query(sql)
        .bind(number(after))
        .bind(number(below))
        .bind(question.kind.map_or("", FilingKind::code))
        .bind(question.subject.as_ref().map_or_else(String::new, |subject| subject.0.clone()))
        .bind(question.actor.clone().unwrap_or_default())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await
        .map_err(failure("looking through the ledger"))?;
    rows.iter().map(filing).collect()
}

/// All filings of a kind, in order.
pub(crate) async fn of_kind(
    connection: &mut AnyConnection,
    kind: FilingKind,
) -> Result<Vec<Filing>, Error> {
    let rows = sqlx::query("SELECT * FROM ledger WHERE kind = $1 ORDER BY position")
        .bind(kind.code())
        .fetch_all(connection)
        .await
        .map_err(failure("looking through the ledger"))?;
    rows.iter().map(filing).collect()
}

/// How many filings there are about a subject.
pub(crate) async fn subject_version(
    connection: &mut AnyConnection,
    subject: &Subject,
) -> Result<u32, Error> {
    let sql = "SELECT COALESCE(MAX(subject_version), 0) AS subject_version FROM ledger WHERE subject = $1";
    let row = sqlx::query(sql)
        .bind(&subject.0)
        .fetch_one(connection)
        .await
        .map_err(failure("reading a subject's version"))?;
    Row { table: "ledger", row: &row }.whole("subject_version")
}

/// What the ledger has already of what a draft brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedent {
    /// How many filings there are about its subject.
    pub version: u32,
    /// The position of the filing that was accepted with its idempotency key.
    pub repeated: Option<u64>,
}

/// What the ledger has already of what a draft brings.
pub(crate) async fn precedent(
    connection: &mut AnyConnection,
    draft: &Draft,
) -> Result<Precedent, Error> {
    let sql = "SELECT COALESCE((SELECT MAX(subject_version) FROM ledger WHERE subject = $1), 0) \
               AS subject_version, (SELECT position FROM ledger WHERE key = $2) AS position";
    let row = sqlx::query(sql)
        .bind(&draft.subject.0)
        .bind(draft.key.clone())
        .fetch_one(connection)
        .await
        .map_err(failure("looking for what a filing follows"))?;
    let row = Row { table: "ledger", row: &row };
    Ok(Precedent {
        version: row.whole("subject_version")?,
        repeated: row.whole_or_none("position")?,
    })
}

/// Appends a draft behind the head, which the caller notes before it commits. `recorded_at` is when the filing at the head was recorded.
pub(crate) async fn append(
    connection: &mut AnyConnection,
    draft: &Draft,
    precedent: Option<Precedent>,
    head: Head,
    recorded_at: Option<Timestamp>,
) -> Result<Filing, Error> {
    let fields = [
        ("actor", Some(&draft.actor)),
        ("subject", Some(&draft.subject.0)),
        ("key", draft.key.as_ref()),
    ];
    for (name, text) in fields {
        if text.is_some_and(|text| text.contains('\n')) {
            return Err(Error::LineFeed(name));
        }
    }
    if let Some(before) = recorded_at.filter(|before| draft.recorded_at < *before) {
        return Err(Error::RecordedBack { recorded_at: draft.recorded_at, head: before });
    }
    let precedent = match precedent {
        Some(precedent) => precedent,
        None => self::precedent(connection, draft).await?,
    };
    if let (Some(key), Some(position)) = (&draft.key, precedent.repeated) {
        return Err(Error::Repeated { key: key.clone(), position });
    }
    let actual = precedent.version;
    if let Some(expected) = draft.expected_version.filter(|expected| *expected != actual) {
        return Err(Error::Conflict { subject: draft.subject.0.clone(), expected, actual });
    }
    let filing = Filing::seal(draft, head.position + 1, actual + 1, head.hash);
    insert(connection, &filing).await?;
    Ok(filing)
}

/// Notes where the ledger ends.
pub(crate) async fn note(connection: &mut AnyConnection, head: Head) -> Result<(), Error> {
    sqlx::query("UPDATE head SET position = $1, hash = $2 WHERE one = 1")
        .bind(number(head.position))
        .bind(head.hash.to_string())
        .execute(connection)
        .await
        .map_err(failure("noting where the ledger ends"))?;
    Ok(())
}

async fn insert(connection: &mut AnyConnection, filing: &Filing) -> Result<(), Error> {
    let sql = "INSERT INTO ledger (position, id, recorded_at, effective_on, actor, kind, subject, \
               subject_version, schema, origin, key, body, previous, hash) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let done = sqlx::query(sql)
        .bind(number(filing.position))
        .bind(filing.id.to_string())
        .bind(filing.recorded_at.to_string())
        .bind(filing.effective_on.to_string())
        .bind(&filing.actor)
        .bind(filing.kind.code())
        .bind(&filing.subject.0)
        .bind(i64::from(filing.subject_version))
        .bind(i64::from(filing.schema))
        .bind(filing.origin.code())
        .bind(filing.key.clone())
        .bind(&filing.body)
        .bind(filing.previous.to_string())
        .bind(filing.hash.to_string())
        .execute(connection)
        .await;
    match done {
        Ok(_) => Ok(()),
        // Position, key and version were looked at under the writer's lock, so only the id can be known already.
        Err(error)
            if error
                .as_database_error()
                .is_some_and(sqlx::error::DatabaseError::is_unique_violation) =>
        {
            Err(Error::KnownFiling(filing.id))
        }
        Err(error) => Err(failure("appending a filing")(error)),
    }
}

/// Reads a filing. What is stored must be exactly what was hashed, to the byte.
pub(crate) fn filing(row: &AnyRow) -> Result<Filing, Error> {
    let row = Row { table: "ledger", row };
    Ok(Filing {
        position: row.whole("position")?,
        id: row.exact("id")?,
        recorded_at: row.exact("recorded_at")?,
        effective_on: row.day("effective_on")?,
        actor: row.text("actor")?,
        kind: row.coded("kind", FilingKind::from_code)?,
        subject: Subject(row.text("subject")?),
        subject_version: row.whole("subject_version")?,
        schema: row.whole("schema")?,
        origin: row.coded("origin", Origin::from_code)?,
        key: row.text_or_none("key")?,
        body: row.text("body")?,
        previous: hash(row, "previous")?,
        hash: hash(row, "hash")?,
    })
}

fn hash(row: Row<'_>, column: &'static str) -> Result<Hash, Error> {
    row.coded(column, |text| Hash::parse(text).filter(|hash| hash.to_string() == text))
}
