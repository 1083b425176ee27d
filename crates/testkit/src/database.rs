//! A database of its own for a test, gone when the test ends, and tests that run on both kinds.
//!
//! ```text
//! hoptac_testkit::both_databases! { a_filing_reads_back }
//!
//! async fn a_filing_reads_back(database: &TestDatabase) {
//!     let store = database.store().await;
//!     …
//! }
//! ```
//! gives the tests `a_filing_reads_back::sqlite` and `a_filing_reads_back::postgres`.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use hoptac_store::{Location, OpenMode, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use crate::postgres;

/// Declares each function as a test on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! both_databases {
    ($($name:ident),* $(,)?) => {
        $(
            mod $name {
                #[test]
                fn sqlite() {
                    $crate::database::on_sqlite(super::$name);
                }
                #[test]
                fn postgres() {
                    $crate::database::on_postgres(super::$name);
                }
            }
        )*
    };
}

/// A database of a test's own.
#[derive(Debug)]
pub struct TestDatabase {
    location: Location,
    /// Keeps the folder of a SQLite file until the test ends.
    folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// A place for a SQLite file, in a folder whose name has a blank and Vietnamese letters.
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("kinh tế tập thể ")
            .tempdir()
            .expect("the system's temp folder takes a folder");
        let location = Location::Sqlite(folder.path().join("hoptac.sqlite"));
        Self { location, folder: Some(folder) }
    }

    /// A fresh PostgreSQL database.
    pub async fn postgres() -> Self {
        let url = postgres::create_database().await;
        Self { location: Location::Postgres(url), folder: None }
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    /// The SQLite file; none on PostgreSQL.
    pub fn file(&self) -> Option<&Path> {
        match &self.location {
            Location::Sqlite(path) => Some(path),
            Location::Postgres(_) => None,
        }
    }

    /// Opens the store, making it where there is none yet.
    pub async fn store(&self) -> Store {
        Store::open(&self.location, OpenMode::Create).await.expect("a fresh database opens")
    }

    /// A bare connection, for what the store does not let a test do.
    pub async fn connection(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let url = match &self.location {
            // The driver undoes the escapes, so that blanks and letters beyond ASCII arrive as they are.
            Location::Sqlite(path) => {
                let escape = |byte: u8| match byte {
                    b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
                    byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                    byte => format!("%{byte:02X}"),
                };
                let path: String = path
                    .to_string_lossy()
                    .into_owned()
                    .into_bytes()
                    .into_iter()
                    .map(escape)
                    .collect();
                format!("sqlite://{path}?mode=rwc")
            }
            Location::Postgres(url) => url.clone(),
        };
        AnyConnection::connect(&url).await.expect("the database of the test answers")
    }

    /// Runs SQL past the store.
    pub async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = self.connection().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
        connection.close().await.expect("a connection closes");
        done.map(|_| ())
    }

    /// Runs SQL past the store and past the guard that keeps filings from being changed.
    pub async fn tamper(&self, sql: &str) {
        let lift = if self.is_sqlite() {
            "DROP TRIGGER IF EXISTS ledger_no_update; DROP TRIGGER IF EXISTS ledger_no_delete; \
             DROP TRIGGER IF EXISTS kept_file_no_update; DROP TRIGGER IF EXISTS kept_file_no_delete;"
        } else {
            "ALTER TABLE ledger DISABLE TRIGGER USER; ALTER TABLE kept_file DISABLE TRIGGER USER;"
        };
        self.run(&format!("{lift} {sql}")).await.expect("the test's SQL is right");
    }
}

/// Runs a test on a SQLite file.
pub fn on_sqlite(test: impl AsyncFnOnce(&TestDatabase)) {
    let database = TestDatabase::sqlite();
    runtime().block_on(test(&database));
}

/// Runs a test on a fresh PostgreSQL database and drops it, also when the test fails.
pub fn on_postgres(test: impl AsyncFnOnce(&TestDatabase)) {
    let runtime = runtime();
    let database = runtime.block_on(TestDatabase::postgres());
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&database))));
    if let Location::Postgres(url) = database.location() {
        runtime.block_on(postgres::drop_database(url));
    }
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// A runtime on the test's own thread.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but a thread")
}
