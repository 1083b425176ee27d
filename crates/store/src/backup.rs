//! What a backup holds, on its way out of a database and into an empty one.
//!
//! The ledger and what lies beside it and follows from nothing: files of editions, wrapped keys, what proves who signs in,
//! views of lists that people named, returns that somebody is filling in. All else is made anew from these. Texts and whole
//! numbers are all that the two databases hold, so that a backup of one can be restored into the other.
//!
//! What is kept for a day or an hour stays out: sessions, one-time links, counted attempts, documents that somebody looks over.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hoptac_model::filing::{Filing, FilingKind, Hash, Origin, Subject};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _, Transaction};

use crate::chain::Chain;
use crate::database::{Database, failure};
use crate::ledger::{self, Head};
use crate::table::PARAMETERS;
use crate::{Error, Location, OpenMode, Store, migration};

/// A table that a backup holds.
struct Kept {
    name: &'static str,
    /// How many of the first columns are the key.
    key: usize,
    /// How many rows are read at a time.
    lot: u32,
    columns: &'static [(&'static str, CellKind)],
}

use CellKind::{Text, Whole};

/// The tables that a backup holds. The ledger goes first: it says whom the others may be about.
const KEPT: [Kept; 9] = [
    Kept {
        name: LEDGER,
        key: 1,
        lot: 500,
        columns: &[
            ("position", Whole),
            ("id", Text),
            ("recorded_at", Text),
            ("effective_on", Text),
            ("actor", Text),
            ("kind", Text),
            ("subject", Text),
            ("subject_version", Whole),
            ("schema", Whole),
            ("origin", Text),
            ("key", Text),
            ("body", Text),
            ("previous", Text),
            ("hash", Text),
        ],
    },
    // A file may be large.
    Kept { name: KEPT_FILE, key: 1, lot: 8, columns: &[("hash", Text), ("bytes", Text)] },
    Kept {
        name: "sealed_key",
        key: 2,
        lot: 500,
        columns: &[("organisation", Text), ("member", Text), ("wrapped", Text)],
    },
    Kept {
        name: "credential",
        key: 1,
        lot: 500,
        columns: &[
            ("account", Text),
            ("password_hash", Text),
            ("changed_at", Text),
            ("totp_sealed", Text),
            ("totp_step", Whole),
        ],
    },
    Kept {
        name: "external_identity",
        key: 1,
        lot: 500,
        columns: &[("hash", Text), ("account", Text), ("bound_at", Text)],
    },
    Kept { name: "recovery_code", key: 2, lot: 500, columns: &[("account", Text), ("hash", Text)] },
    Kept {
        name: "kept_view",
        key: 3,
        lot: 500,
        columns: &[("account", Text), ("path", Text), ("name", Text), ("query", Text)],
    },
    Kept {
        name: "feedback",
        key: 1,
        lot: 500,
        columns: &[
            ("code", Text),
            ("sent_at", Text),
            ("about", Text),
            ("unit", Text),
            ("task", Text),
            ("said", Text),
            ("sealed", Text),
        ],
    },
    Kept {
        name: "return_draft",
        key: 3,
        lot: 100,
        columns: &[
            ("account", Text),
            ("organisation", Text),
            ("year", Whole),
            ("contents", Text),
            ("saved_at", Text),
        ],
    },
];

const LEDGER: &str = "ledger";
const KEPT_FILE: &str = "kept_file";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    /// A text.
    Text,
    /// A whole number.
    Whole,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Nothing.
    Nothing,
}

/// A table in a backup: its name and its columns in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<(String, CellKind)>,
}

/// A row, its cells in the order of the shape.
pub type Cells = Vec<Cell>;

impl Shape {
    fn of(kept: &Kept) -> Self {
        let columns = kept.columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
        Self { table: kept.name.to_owned(), columns: columns.collect() }
    }

    /// The text of a row in a column; none where there is none.
    pub fn text<'r>(&self, row: &'r Cells, column: &str) -> Option<&'r str> {
        match self.cell(row, column)? {
            Cell::Text(text) => Some(text),
            Cell::Whole(_) | Cell::Nothing => None,
        }
    }

    fn cell<'r>(&self, row: &'r Cells, column: &str) -> Option<&'r Cell> {
        row.get(self.columns.iter().position(|(name, _)| name == column)?)
    }
}

/// One state of a database, being copied.
#[derive(Debug)]
pub struct Copying {
    transaction: Transaction<'static, Any>,
    head: Head,
    chain: Chain,
    /// The table that is being read.
    table: usize,
    /// The key of the row read last.
    after: Option<Cells>,
}

impl Store {
    /// Begins to copy what a backup holds. Readers and writers go on meanwhile.
    pub async fn copy(&self) -> Result<Copying, Error> {
        let mut transaction = self.database.read_apart().await?;
        let head = ledger::head(&mut transaction).await?;
        Ok(Copying { transaction, head, chain: Chain::default(), table: 0, after: None })
    }
}

impl Copying {
    /// The schema of what is copied.
    pub fn schema() -> i64 {
        migration::known_version()
    }

    /// The position and hash of the last filing of what is copied.
    pub fn head(&self) -> (u64, Hash) {
        (self.head.position, self.head.hash)
    }

    /// The tables that are copied, in order.
    pub fn shapes() -> impl Iterator<Item = Shape> {
        KEPT.iter().map(Shape::of)
    }

    /// The next rows of a table, and its place among the shapes; empty behind its last row. None behind the last table.
    /// Filings are held against the chain as they go by.
    pub async fn next(&mut self) -> Result<Option<(usize, Vec<Cells>)>, Error> {
        let Some(kept) = KEPT.get(self.table) else { return Ok(None) };
        let table = self.table;
        let rows = page(&mut self.transaction, kept, self.after.as_ref()).await?;
        let cells = rows.iter().map(|row| cells(kept, row)).collect::<Result<Vec<_>, _>>()?;
        if kept.name == LEDGER {
            for row in &rows {
                follow(&mut self.chain, &ledger::filing(row)?)?;
            }
        }
        if let Some(last) = cells.last() {
            self.after = Some(last.iter().take(kept.key).cloned().collect());
            return Ok(Some((table, cells)));
        }
        if kept.name == LEDGER && self.chain.head != self.head.hash {
            let what = "the last filing is not the one that was accepted last".to_owned();
            return Err(Error::Unproved { position: self.head.position, what });
        }
        self.table += 1;
        self.after = None;
        Ok(Some((table, cells)))
    }
}

/// The rows behind a key, as many as are read at a time.
async fn page(
    connection: &mut AnyConnection,
    kept: &Kept,
    after: Option<&Cells>,
) -> Result<Vec<AnyRow>, Error> {
    let names: Vec<&str> = kept.columns.iter().map(|(name, _)| *name).collect();
    let keys = names.iter().take(kept.key).copied().collect::<Vec<_>>().join(", ");
    let (name, list, lot) = (kept.name, names.join(", "), kept.lot);
    let behind = if after.is_some() {
        let places: Vec<String> = (1..=kept.key).map(|number| format!("${number}")).collect();
        format!("WHERE ({keys}) > ({}) ", places.join(", "))
    } else {
        String::new()
    };
    let sql = format!("SELECT {list} FROM {name} {behind}ORDER BY {keys} LIMIT {lot}");
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in after.into_iter().flatten() {
        query = match cell {
            Cell::Text(text) => query.bind(text.clone()),
            Cell::Whole(number) => query.bind(*number),
            Cell::Nothing => query.bind(None::<String>),
        };
    }
    query.fetch_all(connection).await.map_err(failure("copying a table"))
}

fn cells(kept: &Kept, row: &AnyRow) -> Result<Cells, Error> {
    let read = |(index, (_, kind)): (usize, &(&str, CellKind))| match kind {
        Text => Ok(row.try_get::<Option<String>, _>(index)?.map_or(Cell::Nothing, Cell::Text)),
        Whole => Ok(row.try_get::<Option<i64>, _>(index)?.map_or(Cell::Nothing, Cell::Whole)),
    };
    let cells: Result<Cells, sqlx::Error> = kept.columns.iter().enumerate().map(read).collect();
    cells.map_err(failure("copying a table"))
}

fn follow(chain: &mut Chain, filing: &Filing) -> Result<(), Error> {
    let position = chain.position + 1;
    chain.follow(filing).map_err(|what| Error::Unproved { position, what })
}

/// Proves what a backup holds as it goes by: the chain of the ledger, and files by their hashes.
#[derive(Debug, Default)]
pub struct Proof {
    chain: Chain,
    /// Everything in bodies that looks like the hash of a file.
    named: HashSet<String>,
}

impl Proof {
    /// The position and hash of the last filing that went by.
    pub fn head(&self) -> (u64, Hash) {
        (self.chain.position, self.chain.head)
    }

    /// Takes a row of a table.
    pub fn take(&mut self, shape: &Shape, row: &Cells) -> Result<(), Error> {
        if row.len() != shape.columns.len() {
            return Err(Error::BackupRow { table: shape.table.clone() });
        }
        if shape.table == LEDGER {
            let filing = filing(shape, row)
                .ok_or_else(|| Error::BackupRow { table: shape.table.clone() })?;
            follow(&mut self.chain, &filing)?;
            let words = filing.body.split(|c: char| !c.is_ascii_hexdigit());
            self.named.extend(words.filter(|word| word.len() == 64).map(str::to_owned));
        }
        if shape.table == KEPT_FILE {
            let bytes = shape.text(row, "bytes").and_then(|text| STANDARD.decode(text).ok());
            let hash = bytes.map(|bytes| Hash::of(&bytes).to_string());
            if hash.as_deref() != shape.text(row, "hash") {
                return Err(Error::BackupRow { table: shape.table.clone() });
            }
        }
        Ok(())
    }

    /// Whether a row is about something that the filings so far know, so that a copy that ends earlier takes nothing along
    /// that came later: no password of an account that is still to be invited.
    fn is_about_known(&self, shape: &Shape, row: &Cells) -> bool {
        let known =
            |kind: &str, name: &str| name.is_empty() || self.chain.knows(&format!("{kind}/{name}"));
        let of_account = shape.text(row, "account").is_none_or(|name| known("account", name));
        let of_organisation =
            shape.text(row, "organisation").is_none_or(|id| known("organisation", id));
        let of_edition = shape.table != KEPT_FILE
            || shape.text(row, "hash").is_some_and(|hash| self.named.contains(hash));
        of_account && of_organisation && of_edition
    }
}

/// The filing of a row; none where a value is not what it must be, to the byte.
fn filing(shape: &Shape, row: &Cells) -> Option<Filing> {
    fn exact<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
        text.parse::<T>().ok().filter(|value| value.to_string() == text)
    }
    let text = |column| shape.text(row, column);
    let whole = |column| match shape.cell(row, column)? {
        Cell::Whole(number) => Some(*number),
        Cell::Text(_) | Cell::Nothing => None,
    };
    let hash = |column| {
        let text = text(column)?;
        Hash::parse(text).filter(|hash| hash.to_string() == text)
    };
    Some(Filing {
        position: whole("position")?.try_into().ok()?,
        id: exact(text("id")?)?,
        recorded_at: exact(text("recorded_at")?)?,
        effective_on: exact(text("effective_on")?)?,
        actor: text("actor")?.to_owned(),
        kind: FilingKind::from_code(text("kind")?)?,
        subject: Subject(text("subject")?.to_owned()),
        subject_version: whole("subject_version")?.try_into().ok()?,
        schema: whole("schema")?.try_into().ok()?,
        origin: Origin::from_code(text("origin")?)?,
        key: text("key").map(str::to_owned),
        body: text("body")?.to_owned(),
        previous: hash("previous")?,
        hash: hash("hash")?,
    })
}

/// An empty database, being filled in one transaction. Dropping it leaves the database empty.
#[derive(Debug)]
pub struct Restoring {
    location: Location,
    database: Database,
    transaction: Transaction<'static, Any>,
    proof: Proof,
    up_to: u64,
}

impl Restoring {
    /// Begins to fill an empty database with a backup of a schema, up to a ledger position.
    pub async fn begin(location: &Location, schema: i64, up_to: u64) -> Result<Self, Error> {
        let known = migration::known_version();
        if schema > known {
            return Err(Error::NewerVersion { found: schema, known });
        }
        let database = Database::connect(location, OpenMode::Create).await?;
        let mut reading = database.read().await?;
        let found = migration::version(&database, &mut reading).await?;
        drop(reading);
        if found.is_some_and(|found| found > schema) {
            return Err(Error::NotEmpty);
        }
        // The database first gets the schema that the backup was made with; what came since follows when it is opened.
        migration::migrate_to(&database, OpenMode::Create, schema).await?;
        let mut transaction = database.write().await?;
        if ledger::head(&mut transaction).await?.position > 0
            || !is_empty(&mut transaction, &database).await?
        {
            return Err(Error::NotEmpty);
        }
        Ok(Self {
            location: location.clone(),
            database,
            transaction,
            proof: Proof::default(),
            up_to,
        })
    }

    /// Takes rows of a table. Those of later filings are passed over, and so is what is about nothing that was filed by
    /// then. Gives how many were taken.
    pub async fn put(&mut self, shape: &Shape, rows: Vec<Cells>) -> Result<u64, Error> {
        if !is_kept(shape) {
            return Err(Error::BackupTable { table: shape.table.clone() });
        }
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            let is_later = shape.table == LEDGER && self.proof.chain.position >= self.up_to;
            if is_later || !self.proof.is_about_known(shape, &row) && shape.table != LEDGER {
                continue;
            }
            self.proof.take(shape, &row)?;
            taken.push(row);
        }
        insert(&mut self.transaction, shape, &taken).await?;
        Ok(u64::try_from(taken.len()).unwrap_or(u64::MAX))
    }

    /// Keeps everything, brings the database to the program's schema and folds the ledger.
    pub async fn finish(mut self) -> Result<Store, Error> {
        let (position, hash) = self.proof.head();
        ledger::note(&mut self.transaction, Head { position, hash }).await?;
        migration::owe_fold(&mut self.transaction).await?;
        self.transaction.commit().await.map_err(failure("keeping what was restored"))?;
        self.database.close().await;
        Store::open(&self.location, OpenMode::Existing).await
    }
}

/// Whether a table is one of those that backups hold, with columns that are names and nothing else.
fn is_kept(shape: &Shape) -> bool {
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    KEPT.iter().any(|kept| kept.name == shape.table)
        && shape.columns.iter().all(|(name, _)| is_name(name))
}

/// Whether no table holds anything that somebody put there.
async fn is_empty(connection: &mut AnyConnection, database: &Database) -> Result<bool, Error> {
    let there = database.tables(connection).await?;
    for kept in KEPT.iter().filter(|kept| there.iter().any(|table| table == kept.name)) {
        let sql = format!("SELECT COUNT(*) FROM {}", kept.name);
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *connection)
            .await
            .map_err(failure("looking whether the database is empty"))?;
        if rows > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn insert(
    connection: &mut AnyConnection,
    shape: &Shape,
    rows: &[Cells],
) -> Result<(), Error> {
    let width = shape.columns.len().max(1);
    let names: Vec<&str> = shape.columns.iter().map(|(name, _)| name.as_str()).collect();
    for rows in rows.chunks((PARAMETERS / width).max(1)) {
        let places: Vec<String> = (0..rows.len())
            .map(|row| {
                let row: Vec<String> =
                    (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", row.join(", "))
            })
            .collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES {}",
            shape.table,
            names.join(", "),
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (cell, (_, kind)) in rows.iter().flat_map(|row| row.iter().zip(&shape.columns)) {
            query = match (cell, kind) {
                (Cell::Text(text), _) => query.bind(text.clone()),
                (Cell::Whole(number), _) => query.bind(*number),
                (Cell::Nothing, Text) => query.bind(None::<String>),
                (Cell::Nothing, Whole) => query.bind(None::<i64>),
            };
        }
        query.execute(&mut *connection).await.map_err(failure("restoring a table"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TABLES;

    /// The tables that no backup holds: what passes by itself, and what the databases note about themselves.
    const LEFT_OUT: [&str; 10] = [
        // What was taken back since must not work again; tokens are made anew.
        "api_token",
        // A restored copy tells nobody by itself, least of all whoever was taken off the list since.
        "webhook",
        "webhook_delivery",
        "failed_attempt",
        "head",
        "one_time_link",
        "plan_draft",
        "schema_version",
        "session",
        "sheet_draft",
    ];

    /// Whoever adds a table decides here whether backups hold it, so that nothing is lost because nobody thought of it.
    #[test]
    fn every_table_is_made_anew_or_held_or_left_out() {
        let schema = include_str!("../schema.sql");
        let mut all: Vec<&str> = schema
            .lines()
            .filter_map(|line| line.strip_prefix("CREATE TABLE ")?.strip_suffix(" ("))
            .collect();
        let mut decided: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        decided.extend(KEPT.iter().map(|kept| kept.name));
        decided.extend(LEFT_OUT);
        all.sort_unstable();
        decided.sort_unstable();
        assert_eq!(decided, all, "decide in `KEPT` and `LEFT_OUT` of src/backup.rs");
    }
    #[test]
    fn held_tables_have_the_columns_of_the_schema() {
        let schema = include_str!("../schema.sql");
        for kept in &KEPT {
            let start = format!("CREATE TABLE {} (", kept.name);
            let (_, rest) = schema.split_once(&start).unwrap();
            let (columns, _) = rest.split_once("    PRIMARY KEY").unwrap();
            let want: Vec<(&str, CellKind)> = columns
                .lines()
                .filter_map(|line| line.trim().trim_end_matches(',').split_once(' '))
                .map(|(name, kind)| (name, if kind.starts_with("TEXT") { Text } else { Whole }))
                .collect();
            assert_eq!(kept.columns, want, "{}", kept.name);
        }
    }
}
