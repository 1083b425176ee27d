//! Brings a database to the program's schema: numbered texts, each applied once, in a transaction of its own.

use sqlx::AnyConnection;

use crate::database::{Database, failure, run};
use crate::{Error, OpenMode};

/// The text of a migration.
enum Text {
    /// One text for both databases.
    Both(&'static str),
    /// What the two write differently: triggers.
    Each { sqlite: &'static str, postgres: &'static str },
}

/// All migrations, in order; the version of a database is how many of them it has. A text is never edited after it was
/// released.
const MIGRATIONS: [(&str, Text); 27] = [
    ("ledger", Text::Both(include_str!("../migrations/0001_ledger.sql"))),
    (
        "guard",
        Text::Each {
            sqlite: include_str!("../migrations/0002_guard.sqlite.sql"),
            postgres: include_str!("../migrations/0002_guard.postgres.sql"),
        },
    ),
    ("projections", Text::Both(include_str!("../migrations/0003_projections.sql"))),
    ("versions", Text::Both(include_str!("../migrations/0004_versions.sql"))),
    ("sheets and papers", Text::Both(include_str!("../migrations/0005_sheets_and_papers.sql"))),
    ("lineage", Text::Both(include_str!("../migrations/0006_lineage.sql"))),
    ("reforms", Text::Both(include_str!("../migrations/0007_reforms.sql"))),
    ("plan drafts", Text::Both(include_str!("../migrations/0008_plan_drafts.sql"))),
    ("members", Text::Both(include_str!("../migrations/0009_members.sql"))),
    ("contracts", Text::Both(include_str!("../migrations/0010_contracts.sql"))),
    ("accounts", Text::Both(include_str!("../migrations/0011_accounts.sql"))),
    ("support", Text::Both(include_str!("../migrations/0012_support.sql"))),
    ("imports", Text::Both(include_str!("../migrations/0013_imports.sql"))),
    ("return drafts", Text::Both(include_str!("../migrations/0014_return_drafts.sql"))),
    (
        "kept files",
        Text::Each {
            sqlite: include_str!("../migrations/0015_kept_files.sqlite.sql"),
            postgres: include_str!("../migrations/0015_kept_files.postgres.sql"),
        },
    ),
    ("tokens", Text::Both(include_str!("../migrations/0016_tokens.sql"))),
    ("cascades", Text::Both(include_str!("../migrations/0017_cascades.sql"))),
    ("kept views", Text::Both(include_str!("../migrations/0018_kept_views.sql"))),
    ("tasks", Text::Both(include_str!("../migrations/0019_tasks.sql"))),
    ("webhooks", Text::Both(include_str!("../migrations/0020_webhooks.sql"))),
    ("feedback", Text::Both(include_str!("../migrations/0021_feedback.sql"))),
    ("external_identity", Text::Both(include_str!("../migrations/0022_external_identity.sql"))),
    ("persons", Text::Both(include_str!("../migrations/0023_persons.sql"))),
    ("partners", Text::Both(include_str!("../migrations/0024_partners.sql"))),
    ("return fields", Text::Both(include_str!("../migrations/0025_return_fields.sql"))),
    ("rolls", Text::Both(include_str!("../migrations/0026_rolls.sql"))),
    ("short rolls", Text::Both(include_str!("../migrations/0027_short_rolls.sql"))),
];

/// The newest schema that this program can make.
pub(crate) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// What a database was brought to when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The version that it had; 0 for a fresh one.
    pub from: i64,
    /// The version that it has.
    pub to: i64,
    /// What the versions between are called, in order; empty where it had them all.
    pub names: Vec<&'static str>,
    /// Whether the register was made anew from the ledger.
    pub folded: bool,
}

/// Applies what is missing. A database of a later program, or of another one, is refused.
pub(crate) async fn migrate(database: &Database, mode: OpenMode) -> Result<Migrated, Error> {
    migrate_to(database, mode, known_version()).await
}

/// Applies what is missing up to a version.
pub(crate) async fn migrate_to(
    database: &Database,
    mode: OpenMode,
    known: i64,
) -> Result<Migrated, Error> {
    let mut reader = database.read().await?;
    let found = version(database, &mut reader).await?;
    drop(reader);
    match found {
        None if mode == OpenMode::Existing => return Err(Error::Empty),
        Some(found) if found > known => return Err(Error::NewerVersion { found, known }),
        None | Some(_) => {}
    }
    let from = found.unwrap_or(0);
    let mut migrated = Migrated { from, to: known, names: Vec::new(), folded: false };
    if from == known {
        return Ok(migrated);
    }
    for (number, (name, text)) in (1..=known).zip(&MIGRATIONS) {
        let mut writer = database.write().await?;
        // Another process may have been quicker, so the version is read again under the writer's lock.
        let found = version(database, &mut writer).await?;
        if found.is_some_and(|found| found >= number) {
            continue;
        }
        if found.is_none() {
            let sql = "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)";
            run(&mut writer, sql.to_owned(), "beginning the schema").await?;
        }
        let sql = match text {
            Text::Both(sql) => sql,
            Text::Each { sqlite, postgres } => database.pick(sqlite, postgres),
        };
        run(&mut writer, sql.to_owned(), "bringing the schema up to date").await?;
        sqlx::query("INSERT INTO schema_version (version, name) VALUES ($1, $2)")
            .bind(number)
            .bind(*name)
            .execute(&mut *writer)
            .await
            .map_err(failure("noting the schema version"))?;
        if found.is_some() {
            // What the new tables hold follows from the ledger. That it is owed is noted in the same transaction, so
            // that it is not forgotten when the program ends between the two.
            owe_fold(&mut writer).await?;
        }
        writer.commit().await.map_err(failure("keeping the new schema"))?;
        migrated.names.push(name);
    }
    Ok(migrated)
}

/// Notes that the projections must be made anew, where there are filings.
pub(crate) async fn owe_fold(connection: &mut AnyConnection) -> Result<(), Error> {
    let sql = "INSERT INTO schema_version (version, name) SELECT 0, 'fold owed' \
               WHERE EXISTS (SELECT 1 FROM ledger) \
               AND NOT EXISTS (SELECT 1 FROM schema_version WHERE version = 0)";
    run(connection, sql.to_owned(), "noting the schema version").await
}

/// Whether the projections must be made anew because the schema changed under filings.
pub(crate) async fn owes_fold(connection: &mut AnyConnection) -> Result<bool, Error> {
    let owed: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM schema_version WHERE version = 0")
        .fetch_one(connection)
        .await
        .map_err(failure("reading the schema version"))?;
    Ok(owed > 0)
}

/// Notes that the projections were made anew.
pub(crate) async fn settle_fold(database: &Database) -> Result<(), Error> {
    let mut writer = database.write().await?;
    let sql = "DELETE FROM schema_version WHERE version = 0".to_owned();
    run(&mut writer, sql, "noting the schema version").await?;
    writer.commit().await.map_err(failure("keeping the new schema"))
}

/// The version of the database; none where it is empty.
pub(crate) async fn version(
    database: &Database,
    connection: &mut AnyConnection,
) -> Result<Option<i64>, Error> {
    let tables = database.tables(connection).await.map_err(|error| database.refine(error))?;
    if !tables.iter().any(|table| table == "schema_version") {
        return if tables.is_empty() { Ok(None) } else { Err(Error::Foreign) };
    }
    let version: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM schema_version")
        .fetch_one(connection)
        .await
        .map_err(failure("reading the schema version"))?;
    Ok(Some(version))
}
