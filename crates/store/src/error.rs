//! What can go wrong between the program and its database, as sentences for the person who can set it right.

use std::path::PathBuf;

use hoptac_model::ids::FilingId;
use hoptac_model::text::Words;
use jiff::Timestamp;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database file is not there.
    #[error(
        "there is no database at {}; fill one with `hoptac demo`, or adopt a plan with \
         `hoptac plan adopt`",
        .0.display()
    )]
    Missing(PathBuf),
    /// The folder of the database file is not there.
    #[error("the folder {} does not exist", .0.display())]
    FolderMissing(PathBuf),
    /// The server has no such database, or the database holds no ledger yet.
    #[error(
        "the database holds no ledger yet; fill it with `hoptac demo`, or adopt a plan with \
         `hoptac plan adopt`"
    )]
    Empty,
    /// The file is something else.
    #[error("{} is not a hoptac database", .0.display())]
    NotADatabase(PathBuf),
    /// The database belongs to another program.
    #[error("the database holds tables of another program; give hoptac a database of its own")]
    Foreign,
    /// A later program has been here.
    #[error(
        "the database has schema version {found}, this program knows versions up to {known}; \
         use the newer program"
    )]
    NewerVersion {
        /// What the database says.
        found: i64,
        /// The newest version that this program can make.
        known: i64,
    },
    /// Nothing can be written there.
    #[error("{0} cannot be written; check who owns the folder and the file")]
    NotWritable(String),
    /// There is no room left.
    #[error("the disk of the database is full; make room and try again")]
    DiskFull,
    /// The disk refuses.
    #[error(
        "the disk does not take or give what the database asks of it: {0}; see whether it is full or failing"
    )]
    Disk(String),
    /// The file's name is not text.
    #[error("the path {} is not UTF-8 text, which the database needs", .0.display())]
    Path(PathBuf),
    /// The server does not answer, or does not let us in.
    #[error("the database server cannot be used: {0}")]
    Server(String),
    /// Somebody else held the database for too long.
    #[error("the database does not answer, or another process holds it; try again in a moment")]
    Busy,
    /// The file is damaged.
    #[error("the database file is damaged: {0}")]
    Damaged(String),
    /// A filing does not fit behind those before it.
    #[error("the ledger does not prove itself at filing {position}: {what}")]
    Unproved {
        /// Where.
        position: u64,
        /// What does not fit.
        what: String,
    },
    /// Something was to be restored into a database that is in use.
    #[error(
        "the database already holds something; restore into an empty folder or an empty database"
    )]
    NotEmpty,
    /// A row of a backup is not what its table holds.
    #[error("a row of the table {table} in the backup is damaged; take another backup")]
    BackupRow {
        /// The table.
        table: String,
    },
    /// A table that this program does not restore.
    #[error(
        "the backup holds a table {table} that this program does not know; use the program that made it"
    )]
    BackupTable {
        /// The table.
        table: String,
    },
    /// Somebody else filed about the subject in the meantime.
    #[error(
        "{subject} is at version {actual} and not at version {expected} any more: \
         somebody else has filed about it; read it anew and file again"
    )]
    Conflict {
        /// What both filed about.
        subject: String,
        /// The version that the filer saw.
        expected: u32,
        /// The version that it has.
        actual: u32,
    },
    /// The submission was accepted before.
    #[error("a filing with the key `{key}` was already accepted at position {position}")]
    Repeated {
        /// The idempotency key.
        key: String,
        /// Where it stands.
        position: u64,
    },
    /// The same filing, a second time.
    #[error("filing {0} is already in the ledger")]
    KnownFiling(FilingId),
    /// The clock went back.
    #[error(
        "a filing recorded at {recorded_at} cannot follow one recorded at {head}; check the clock"
    )]
    RecordedBack {
        /// When the draft was recorded.
        recorded_at: Timestamp,
        /// When the last filing was.
        head: Timestamp,
    },
    /// A field cannot stand in the hashed text.
    #[error("the {0} of a filing may not contain a line feed")]
    LineFeed(&'static str),
    /// The filing says something that does not fit what is registered.
    #[error("filing {id} ({kind}) cannot be applied: {}", why.en)]
    Inapplicable {
        /// The filing.
        id: FilingId,
        /// Its kind.
        kind: &'static str,
        /// What does not fit.
        why: Words,
    },
    /// A filing of the transaction was refused half-way, so that none of it may be kept.
    #[error("a filing of this transaction was refused, so nothing of it was saved")]
    Spoilt,
    /// A stored value is not what the column holds.
    #[error("column {column} of table {table} holds `{value}`, which cannot be read")]
    Stored {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was found there.
        value: String,
    },
    /// A body that this program cannot read.
    #[error("the body of the filing at position {position} cannot be read")]
    Body {
        /// Where it stands.
        position: u64,
        /// What the reader says.
        #[source]
        source: serde_json::Error,
    },
    /// Anything else that the database says.
    #[error("{doing}")]
    Database {
        /// What the store was doing.
        doing: &'static str,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
}
