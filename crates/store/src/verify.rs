//! Checks the whole database, and makes the projections anew. Both fold the ledger into scratch tables and compare.

use std::fmt::Display;

use hoptac_model::filing::Hash;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

use crate::chain::Chain;
use crate::database::{Database, Shadow, failure, run};
use crate::table::{TABLES, Table};
use crate::{Error, boundary, bundle, edition, ledger, projection};

/// Filings read at a time.
const CHUNK: u32 = 500;

/// What a check of the whole database found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many filings fit their place in the chain.
    pub filings: u64,
    /// The hash of the last of them.
    pub head: Hash,
    /// The first thing that is not as it should be; none when all is well.
    pub problem: Option<Problem>,
}

/// The first thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The ledger position that it concerns, where there is one.
    pub position: Option<u64>,
    /// The table.
    pub table: String,
    /// What is wrong, as a sentence.
    pub what: String,
}

/// What making the projections anew changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many filings were folded.
    pub filings: u64,
    /// One entry per table.
    pub tables: Vec<TableChange>,
}

/// One table before and after a rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableChange {
    /// The table.
    pub name: String,
    /// Rows before.
    pub rows_before: u64,
    /// Rows after.
    pub rows_after: u64,
    /// Rows that are new, gone or different.
    pub changed: u64,
}

/// What is being done while a ledger is proved or the register made anew from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The database looks through its own pages, which it does not tell of.
    Pages,
    /// Each filing is held against the one before it.
    Ledger,
    /// The register is made anew from the ledger, filing by filing.
    Register,
    /// Each table is held against the one that is kept, and put in its place where that is asked for.
    Tables,
}

/// How far that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is being done.
    pub phase: Phase,
    /// How many filings, or tables, are done.
    pub done: u64,
    /// Of how many; zero where nobody knows.
    pub of: u64,
}

/// What the caller is told as it goes on.
pub(crate) type Progress<'p> = &'p mut (dyn FnMut(Step) + Send);

/// How many tables are compared.
fn tables() -> u64 {
    u64::try_from(TABLES.len()).unwrap_or(u64::MAX)
}

/// Checks the database's own structure, the chain, its end, and the projections.
pub(crate) async fn verify(database: &Database, progress: Progress<'_>) -> Verification {
    let mut verification = Verification { filings: 0, head: Hash::ZERO, problem: None };
    let checked = check(database, &mut verification, progress).await;
    verification.problem = checked.unwrap_or_else(|error| Some(as_problem(&verification, &error)));
    verification
}

/// Makes all projections anew and keeps them.
pub(crate) async fn rebuild(database: &Database, progress: Progress<'_>) -> Result<Rebuilt, Error> {
    let mut connection = database.alone().await?;
    let mut transaction = database.write_on(&mut connection).await?;
    let head = ledger::head(&mut transaction).await?;
    let shadow = fold_anew(database, &mut transaction, head.position, progress).await?;
    let mut changes = Vec::with_capacity(TABLES.len());
    for (table, done) in TABLES.iter().zip(0..) {
        progress(Step { phase: Phase::Tables, done, of: tables() });
        let Shadow { kept, made } = &shadow;
        let Table { name, .. } = table;
        let change = TableChange {
            name: (*name).to_owned(),
            rows_before: count(&mut transaction, &format!("{kept}.{name}")).await?,
            rows_after: count(&mut transaction, &format!("{made}.{name}")).await?,
            changed: count(&mut transaction, &changed_keys(table, &shadow)).await?,
        };
        if change.changed > 0 {
            let list = table.list();
            let doing = "putting a projection in place";
            run(&mut transaction, format!("DELETE FROM {kept}.{name}"), doing).await?;
            let sql =
                format!("INSERT INTO {kept}.{name} ({list}) SELECT {list} FROM {made}.{name}");
            run(&mut transaction, sql, doing).await?;
        }
        changes.push(change);
    }
    transaction.commit().await.map_err(failure("keeping the projections"))?;
    connection.close().await.map_err(failure("closing a connection"))?;
    Ok(Rebuilt { filings: head.position, tables: changes })
}

async fn check(
    database: &Database,
    verification: &mut Verification,
    progress: Progress<'_>,
) -> Result<Option<Problem>, Error> {
    let mut connection = database.alone().await?;
    progress(Step { phase: Phase::Pages, done: 0, of: 0 });
    let damage = database.damage(&mut connection).await.map_err(failure("checking the file"))?;
    if let Some(said) = damage {
        return Ok(Some(problem(None, "file", format!("the database file is damaged: {said}"))));
    }
    let mut transaction = database.read_on(&mut connection).await?;
    // The end is not trusted: the walk goes on until nothing is left, whatever the head says.
    let noted = ledger::head(&mut transaction).await?;
    let mut chain = Chain::default();
    loop {
        let rows = ledger::rows(&mut transaction, verification.filings, CHUNK).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let filing = ledger::filing(row)?;
            if let Err(what) = chain.follow(&filing) {
                return Ok(Some(problem(Some(verification.filings + 1), "ledger", what)));
            }
            let mut damage = edition::damage(&mut transaction, &filing).await?;
            if damage.is_none() {
                damage = bundle::damage(&mut transaction, &filing).await?;
            }
            if damage.is_none() {
                damage = boundary::damage(&mut transaction, &filing).await?;
            }
            if let Some(what) = damage {
                return Ok(Some(problem(Some(filing.position), "kept_file", what)));
            }
            verification.filings = filing.position;
            verification.head = filing.hash;
        }
        progress(Step { phase: Phase::Ledger, done: verification.filings, of: noted.position });
    }
    if noted.position != verification.filings {
        let what = format!(
            "the ledger ends at position {}, but {} filings were accepted",
            verification.filings, noted.position
        );
        return Ok(Some(problem(Some(verification.filings + 1), "head", what)));
    }
    if noted.hash != verification.head {
        let what = "the last filing is not the one that was accepted last".to_owned();
        return Ok(Some(problem(Some(verification.filings), "head", what)));
    }
    let done = verification.filings;
    let shadow = fold_anew(database, &mut transaction, done, progress).await?;
    for (table, done) in TABLES.iter().zip(0..) {
        progress(Step { phase: Phase::Tables, done, of: tables() });
        if let Some(problem) = first_difference(&mut transaction, table, &shadow).await? {
            return Ok(Some(problem));
        }
    }
    drop(transaction);
    // A file so damaged that it cannot even be closed was reported above; nothing is lost by a failed farewell.
    let _farewell = connection.close().await;
    Ok(None)
}

/// Folds the ledger up to a position into scratch tables that stand in front of the kept ones.
pub(crate) async fn fold_anew(
    database: &Database,
    connection: &mut AnyConnection,
    total: u64,
    progress: Progress<'_>,
) -> Result<Shadow, Error> {
    let names: Vec<&'static str> = TABLES.iter().map(|table| table.name).collect();
    let shadow = database.shadow(connection, &names).await?;
    let mut done = 0;
    loop {
        let left = u32::try_from(total.saturating_sub(done)).unwrap_or(CHUNK).min(CHUNK);
        let filings = ledger::filings(connection, done, left).await?;
        if filings.is_empty() {
            return Ok(shadow);
        }
        for filing in &filings {
            projection::apply(connection, filing).await?;
            done = filing.position;
        }
        progress(Step { phase: Phase::Register, done, of: total });
    }
}

/// The first row that the ledger does not give, or that is missing.
async fn first_difference(
    connection: &mut AnyConnection,
    table: &Table,
    shadow: &Shadow,
) -> Result<Option<Problem>, Error> {
    let Shadow { kept, made } = shadow;
    let Table { name, .. } = table;
    let keys: Vec<String> = table.keys().iter().map(|key| format!("CAST({key} AS TEXT)")).collect();
    let keys = keys.join(" || ', ' || ");
    // A row that is only different is in both differences, so that the number of sides it is on tells what happened.
    let sides = [(kept.as_str(), *made, true), (*made, kept.as_str(), false)];
    let mut found: Option<(String, i64, bool)> = None;
    for (one, other, is_kept) in sides {
        let sql = format!("SELECT {keys} AS row_key, position FROM {}", only_in(table, one, other));
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut *connection)
            .await
            .map_err(failure("comparing the projections"))?;
        let mut rows = rows
            .iter()
            .map(|row| Ok((row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?)))
            .collect::<Result<Vec<_>, sqlx::Error>>()
            .map_err(failure("comparing the projections"))?;
        rows.sort();
        if let Some((key, position, _)) = &found {
            let what = if rows.iter().any(|(other, _)| other == key) {
                format!("row {key} is not what the ledger gives")
            } else {
                format!("row {key} is in no filing of the ledger")
            };
            return Ok(Some(problem(u64::try_from(*position).ok(), name, what)));
        }
        match rows.into_iter().next() {
            Some((key, position)) if !is_kept => {
                let what = format!("row {key} is missing");
                return Ok(Some(problem(u64::try_from(position).ok(), name, what)));
            }
            first => found = first.map(|(key, position)| (key, position, is_kept)),
        }
    }
    Ok(None)
}

/// A query of the keys of all rows that differ.
fn changed_keys(table: &Table, shadow: &Shadow) -> String {
    let Shadow { kept, made } = shadow;
    let keys = table.keys().join(", ");
    let only =
        |one: &str, other: &str| format!("SELECT {keys} FROM {}", only_in(table, one, other));
    format!("({} UNION {}) AS changed", only(kept, made), only(made, kept))
}

/// The rows of one table that the other of its name does not have as they are. Each is looked for by its key: to take one table from
/// the other as a whole would lay out a nation's members anew.
fn only_in(table: &Table, one: &str, other: &str) -> String {
    let Table { name, columns, .. } = table;
    let (keys, rest) = columns.split_at(table.key.min(columns.len()));
    let same = |word: &'static str| {
        move |column: &&'static str| format!("theirs.{column} {word} ours.{column}")
    };
    // Only the key is looked up in an index.
    let same: Vec<String> =
        keys.iter().map(same("=")).chain(rest.iter().map(same("IS NOT DISTINCT FROM"))).collect();
    format!(
        "{one}.{name} AS ours WHERE NOT EXISTS (SELECT 1 FROM {other}.{name} AS theirs WHERE {})",
        same.join(" AND ")
    )
}

async fn count(connection: &mut AnyConnection, of: &str) -> Result<u64, Error> {
    let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM {of}")))
        .fetch_one(connection)
        .await
        .map_err(failure("counting rows"))?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

fn problem(position: Option<u64>, table: &str, what: String) -> Problem {
    Problem { position, table: table.to_owned(), what }
}

/// What went wrong while checking, as a finding: a damaged database must not stop the one who checks it.
fn as_problem(verification: &Verification, error: &Error) -> Problem {
    let (position, table) = if let Error::Stored { table, .. } = error {
        ((*table == "ledger").then_some(verification.filings + 1), *table)
    } else if let Error::Body { position, .. } = error {
        (Some(*position), "ledger")
    } else if let Error::Inapplicable { .. } = error {
        (None, "ledger")
    } else {
        (None, "file")
    };
    problem(position, table, sentence(error))
}

/// An error with its causes.
fn sentence(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        append(&mut text, inner);
        cause = inner.source();
    }
    text
}

fn append(text: &mut String, cause: impl Display) {
    text.push_str(": ");
    text.push_str(&cause.to_string());
}
