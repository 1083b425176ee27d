//! The one file that knows which database it is: how to connect, how writers take turns, and the few statements that
//! the two do not share.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Row as _, Transaction};

use crate::{Error, Location, OpenMode};

/// How long a writer waits for another one.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits between two attempts where the database itself does not wait.
const PAUSE: Duration = Duration::from_millis(20);
/// The number by which PostgreSQL knows the lock of the one writer: the letters `hoptac` as bytes.
const WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(114844935087459)";
/// SQLite waits instead of failing at once, keeps a write-ahead log so that readers do not stop the writer, and has the
/// disk confirm every commit. What is deleted is overwritten: a destroyed key must not lie in a free page.
const SQLITE_MANNERS: &str = "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -32768";

/// Which database it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite(PathBuf),
    Postgres,
}

/// Connections to one database: a few for readers, one for the writer.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    engine: Engine,
    options: AnyConnectOptions,
    readers: AnyPool,
    writer: AnyPool,
}

/// Temporary tables that stand in front of the kept ones of the same name.
#[derive(Debug)]
pub(crate) struct Shadow {
    /// The prefix of the kept tables.
    pub(crate) kept: String,
    /// The prefix of the temporary tables.
    pub(crate) made: &'static str,
}

/// How a database is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setup {
    /// A SQLite file.
    Sqlite {
        /// How changes are written ahead.
        journal: String,
        /// Whether each commit waits for the disk.
        waits: bool,
        /// How large it is.
        bytes: u64,
    },
    /// A PostgreSQL database.
    Postgres {
        /// How large it is.
        bytes: u64,
        /// The server's version.
        version: String,
        /// The encoding of its texts.
        encoding: String,
        /// What time it is for the server.
        clock: Timestamp,
        /// The settings that are off and without which a power cut can take what was accepted.
        careless: Vec<&'static str>,
    },
}

impl Database {
    /// Connects once to see what is there, then sets up the pools.
    pub(crate) async fn connect(location: &Location, mode: OpenMode) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let (engine, options) = match location {
            Location::Sqlite(path) => (Engine::Sqlite(path.clone()), sqlite_options(path, mode)?),
            Location::Postgres(url) => {
                let options = AnyConnectOptions::from_str(url)
                    .map_err(|_| Error::Server("the address is not a URL".to_owned()))?;
                if !["postgres", "postgresql"].contains(&options.database_url.scheme()) {
                    return Err(Error::Server(
                        "the address must begin with postgres://".to_owned(),
                    ));
                }
                (Engine::Postgres, options)
            }
        };
        // A pool would hide the reason of a failed connection behind a timeout.
        let first =
            connect_alone(&engine, &options).await.map_err(|error| refine(&engine, error))?;
        first.close().await.map_err(failure("closing the first connection"))?;
        let (readers, writer) = (pool(&engine, &options, 4), pool(&engine, &options, 1));
        Ok(Self { engine, options, readers, writer })
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether connections are taken no more.
    pub(crate) fn is_closed(&self) -> bool {
        self.readers.is_closed()
    }

    /// A transaction of the one writer.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, Error> {
        let begun = match &self.engine {
            Engine::Sqlite(_) => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.writer.begin().await,
        };
        let mut transaction =
            begun.map_err(failure("beginning to write")).map_err(|error| self.refine(error))?;
        self.take_turn(&mut transaction).await?;
        Ok(transaction)
    }

    /// A transaction that sees one state of the database throughout.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Any>, Error> {
        self.readers
            .begin_with(self.begin_reading())
            .await
            .map_err(failure("beginning to read"))
            .map_err(|error| self.refine(error))
    }

    /// A reader's transaction on a connection of its own, which ends with it.
    pub(crate) async fn read_apart(&self) -> Result<Transaction<'static, Any>, Error> {
        pool(&self.engine, &self.options, 1)
            .begin_with(self.begin_reading())
            .await
            .map_err(failure("beginning to read"))
            .map_err(|error| self.refine(error))
    }

    /// A connection of its own, without prepared statements that already chose their tables.
    pub(crate) async fn alone(&self) -> Result<AnyConnection, Error> {
        connect_alone(&self.engine, &self.options).await.map_err(|error| self.refine(error))
    }

    /// Begins the writer's transaction on a connection of its own.
    pub(crate) async fn write_on<'c>(
        &self,
        connection: &'c mut AnyConnection,
    ) -> Result<Transaction<'c, Any>, Error> {
        let begun = match &self.engine {
            Engine::Sqlite(_) => connection.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => connection.begin().await,
        };
        let mut transaction = begun.map_err(failure("beginning to write"))?;
        self.take_turn(&mut transaction).await?;
        Ok(transaction)
    }

    /// Begins a reader's transaction on a connection of its own.
    pub(crate) async fn read_on<'c>(
        &self,
        connection: &'c mut AnyConnection,
    ) -> Result<Transaction<'c, Any>, Error> {
        connection.begin_with(self.begin_reading()).await.map_err(failure("beginning to read"))
    }

    /// Sees to it that what was deleted from a table lies nowhere any more: neither in the write-ahead log nor in rows that
    /// only readers of the past would see.
    pub(crate) async fn scrub(&self, table: &str) -> Result<(), Error> {
        let mut connection = self.alone().await?;
        let sql = match self.engine {
            Engine::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
            Engine::Postgres => format!("VACUUM {table}"),
        };
        run(&mut connection, sql, "wiping what was deleted").await?;
        connection.close().await.map_err(failure("closing a connection"))
    }

    /// Names the file or folder in an error that only has a number.
    pub(crate) fn refine(&self, error: Error) -> Error {
        refine(&self.engine, error)
    }

    /// The text of a migration for this database.
    pub(crate) fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => sqlite,
            Engine::Postgres => postgres,
        }
    }

    /// The names of all tables.
    pub(crate) async fn tables(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<String>, Error> {
        let sql = self.pick(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = current_schema()",
        );
        sqlx::query_scalar(sql).fetch_all(connection).await.map_err(failure("listing the tables"))
    }

    /// What the database itself says is wrong with its file; none where all is well, or where it keeps its own watch.
    pub(crate) async fn damage(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Option<String>, sqlx::Error> {
        if self.engine == Engine::Postgres {
            return Ok(None);
        }
        let said: Option<String> =
            sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_optional(connection).await?;
        Ok(said.filter(|said| said != "ok"))
    }

    /// How the database is set up, as it says itself.
    pub(crate) async fn setup(&self, connection: &mut AnyConnection) -> Result<Setup, Error> {
        let doing = "asking the database how it is set up";
        if self.engine != Engine::Postgres {
            let sql = "SELECT (SELECT page_count FROM pragma_page_count) * \
                       (SELECT page_size FROM pragma_page_size), \
                       (SELECT CAST(journal_mode AS TEXT) FROM pragma_journal_mode), \
                       (SELECT synchronous FROM pragma_synchronous)";
            let row = sqlx::query(sql).fetch_one(connection).await.map_err(failure(doing))?;
            let bytes: i64 = row.try_get(0).map_err(failure(doing))?;
            let journal: String = row.try_get(1).map_err(failure(doing))?;
            let synchronous: i64 = row.try_get(2).map_err(failure(doing))?;
            let bytes = u64::try_from(bytes).unwrap_or_default();
            return Ok(Setup::Sqlite { journal, waits: synchronous >= 2, bytes });
        }
        let sql = "SELECT CAST(pg_database_size(current_database()) AS BIGINT), \
                   current_setting('server_version'), current_setting('server_encoding'), \
                   CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT), \
                   current_setting('fsync'), current_setting('synchronous_commit'), \
                   current_setting('full_page_writes')";
        let row = sqlx::query(sql).fetch_one(connection).await.map_err(failure(doing))?;
        let text = |index: usize| row.try_get::<String, _>(index).map_err(failure(doing));
        let whole = |index: usize| row.try_get::<i64, _>(index).map_err(failure(doing));
        let mut careless = Vec::new();
        for (index, name) in [(4, "fsync"), (5, "synchronous_commit"), (6, "full_page_writes")] {
            if text(index)? == "off" {
                careless.push(name);
            }
        }
        Ok(Setup::Postgres {
            bytes: u64::try_from(whole(0)?).unwrap_or_default(),
            version: text(1)?,
            encoding: text(2)?,
            clock: Timestamp::from_millisecond(whole(3)?).unwrap_or_default(),
            careless,
        })
    }

    /// Puts an empty temporary table with the same indexes in front of each of these tables, so that the same statements
    /// fill and read it. They last as long as the transaction or the connection.
    pub(crate) async fn shadow(
        &self,
        connection: &mut AnyConnection,
        tables: &[&'static str],
    ) -> Result<Shadow, Error> {
        let doing = "making scratch tables";
        match self.engine {
            Engine::Sqlite(_) => {
                // What does not fit goes to a file and comes back, again and again: identities come in no order.
                run(connection, "PRAGMA temp.cache_size = -131072".to_owned(), doing).await?;
                let rows = sqlx::query(
                    "SELECT tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid",
                )
                .fetch_all(&mut *connection)
                .await
                .map_err(failure(doing))?;
                for row in rows {
                    let table: String = row.try_get(0).map_err(failure(doing))?;
                    let sql: String = row.try_get(1).map_err(failure(doing))?;
                    if tables.contains(&table.as_str()) {
                        let sql = sql.replacen("CREATE TABLE ", "CREATE TABLE temp.", 1).replacen(
                            "CREATE INDEX ",
                            "CREATE INDEX temp.",
                            1,
                        );
                        run(connection, sql, doing).await?;
                    }
                }
                Ok(Shadow { kept: "main".to_owned(), made: "temp" })
            }
            Engine::Postgres => {
                let schema: String =
                    sqlx::query_scalar("SELECT CAST(quote_ident(current_schema()) AS TEXT)")
                        .fetch_one(&mut *connection)
                        .await
                        .map_err(failure(doing))?;
                // The planner knows nothing of fresh tables and would read them whole for every filing. What it then
                // thinks that reading costs would have it compile the comparisons, which takes far longer than they do.
                let sql = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off";
                run(connection, sql.to_owned(), doing).await?;
                for table in tables {
                    let sql = format!(
                        "CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL) ON COMMIT DROP"
                    );
                    run(connection, sql, doing).await?;
                }
                Ok(Shadow { kept: schema, made: "pg_temp" })
            }
        }
    }

    fn begin_reading(&self) -> &'static str {
        self.pick("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ")
    }

    /// Waits for the other writers. SQLite has done so when the transaction began.
    async fn take_turn(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        if self.engine == Engine::Postgres {
            run(connection, WRITER_LOCK.to_owned(), "waiting for other writers").await?;
        }
        Ok(())
    }
}

impl Engine {
    fn manners(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => SQLITE_MANNERS,
            Self::Postgres => "SET client_min_messages = warning; SET lock_timeout = 20000",
        }
    }
}

/// Runs a statement that we wrote ourselves and that gives nothing back.
pub(crate) async fn run(
    connection: &mut AnyConnection,
    sql: String,
    doing: &'static str,
) -> Result<(), Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map_err(failure(doing))?;
    Ok(())
}

/// Turns what the database says into a sentence.
pub(crate) fn failure(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    move |source| {
        if let sqlx::Error::Io(error) = &source {
            return Error::Server(error.kind().to_string());
        }
        let code =
            source.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
        let said =
            || source.as_database_error().map_or_else(String::new, |e| e.message().to_owned());
        // PostgreSQL's codes have five characters, SQLite's extended result codes at most four digits.
        let sqlite =
            code.as_ref().filter(|code| code.len() < 5).and_then(|c| c.parse::<u32>().ok());
        match (sqlite.map(|code| code & 0xff), code.as_deref()) {
            (Some(5 | 6), _) | (_, Some("55P03" | "40001" | "40P01")) => Error::Busy,
            (Some(8 | 14), _) => Error::NotWritable("the database file".to_owned()),
            (Some(13), _) | (_, Some("53100")) => Error::DiskFull,
            (Some(10), _) => Error::Disk(said()),
            (Some(11 | 26), _) => Error::Damaged(said()),
            (_, Some("3D000")) => Error::Server("it has no database of this name".to_owned()),
            (_, Some("28P01" | "28000")) => {
                Error::Server("it does not accept this user and password".to_owned())
            }
            _ if matches!(source, sqlx::Error::PoolTimedOut) => Error::Busy,
            _ => Error::Database { doing, source },
        }
    }
}

fn pool(engine: &Engine, options: &AnyConnectOptions, size: u32) -> AnyPool {
    let manners = engine.manners();
    // A file does not go away between two transactions; a server's connection may have.
    let may_be_gone = matches!(engine, Engine::Postgres);
    AnyPoolOptions::new()
        .max_connections(size)
        .test_before_acquire(may_be_gone)
        // SQLite ends a transaction by itself where the disk is full. That nobody can roll it back any more leaves the connection
        // believing that it goes on, and no other one would ever begin on it.
        .before_acquire(|connection, _| {
            let is_free = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_free) })
        })
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| Box::pin(teach(connection, manners)))
        .connect_lazy_with(options.clone())
}

async fn connect_alone(
    engine: &Engine,
    options: &AnyConnectOptions,
) -> Result<AnyConnection, Error> {
    let doing = "connecting to the database";
    let mut connection = AnyConnection::connect_with(options).await.map_err(failure(doing))?;
    teach(&mut connection, engine.manners()).await.map_err(failure(doing))?;
    Ok(connection)
}

/// Tells a fresh connection its manners. SQLite does not wait, whatever its timeout, while another connection turns a
/// fresh file to the write-ahead log: it says at once that the file is busy. So it is asked again for as long as a writer
/// would wait.
async fn teach(connection: &mut AnyConnection, manners: &'static str) -> Result<(), sqlx::Error> {
    let mut waited = Duration::ZERO;
    loop {
        match sqlx::raw_sql(manners).execute(&mut *connection).await {
            Ok(_) => return Ok(()),
            Err(error) if waited < PATIENCE && is_sqlite_busy(&error) => {
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
            }
            Err(error) => return Err(error),
        }
    }
}

/// SQLite's codes 5 and 6, with whatever they are extended by.
fn is_sqlite_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let code = code.filter(|code| code.len() < 5).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

/// The file as a URL, which is how the driver wants it: every byte that could mean something is escaped, so that blanks,
/// question marks and Vietnamese letters in the path are only letters.
fn sqlite_options(path: &Path, mode: OpenMode) -> Result<AnyConnectOptions, Error> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().ok_or_else(|| Error::NotADatabase(path.to_owned()))?;
    let folder = match folder.canonicalize() {
        Ok(folder) if folder.is_dir() => folder,
        _ => return Err(Error::FolderMissing(folder.to_owned())),
    };
    if path.is_dir() {
        return Err(Error::NotADatabase(path.to_owned()));
    }
    if mode == OpenMode::Existing && !path.exists() {
        return Err(Error::Missing(path.to_owned()));
    }
    let whole = folder.join(name);
    let text = whole.to_str().ok_or_else(|| Error::Path(path.to_owned()))?;
    let mut url = "sqlite://".to_owned();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let written = write!(url, "%{byte:02X}");
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
    }
    url.push_str(if mode == OpenMode::Create { "?mode=rwc" } else { "?mode=rw" });
    AnyConnectOptions::from_str(&url).map_err(|_| Error::Path(path.to_owned()))
}

fn refine(engine: &Engine, error: Error) -> Error {
    let Engine::Sqlite(path) = engine else { return error };
    if let Error::Damaged(said) = &error
        && said.contains("not a database")
    {
        return Error::NotADatabase(path.clone());
    }
    if let Error::NotWritable(_) = &error {
        return Error::NotWritable(path.display().to_string());
    }
    error
}
