//! The ledger and its projections on SQLite and PostgreSQL.
//!
//! Filings are appended to the ledger and folded into the register's tables in the same transaction; nothing else
//! writes. All SQL of the project is in this crate, one text for both databases; which database it is, only
//! `database.rs` knows.

use std::path::PathBuf;

use hoptac_model::filing::{Draft, Filing, Hash, Subject};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::{Kind, Sector, Status};
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::unit::{Places, Unit};
use jiff::civil::Date;

mod error;
pub use error::Error;

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, `postgres://user:password@host/database`.
    Postgres(String),
}

/// Whether a database is made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Make one.
    Create,
    /// Say that there is none.
    Existing,
}

/// The ledger and its projections.
#[derive(Clone, Debug)]
pub struct Store {}

/// A serial writer's transaction. Dropping it rolls back.
#[derive(Debug)]
pub struct Writing {}

/// An organisation as it stands by its latest state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationCard {
    /// Identity.
    pub id: OrganisationId,
    /// Registration code.
    pub code: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its legal status.
    pub status: Status,
    /// Its name.
    pub name: String,
    /// The commune of its seat, as filed.
    pub seat: UnitId,
    /// The former commune of its seat, where filed.
    pub seat_former: Option<UnitId>,
    /// The sector it counts in.
    pub sector: Sector,
    /// VSIC level-1 letter of the main activity.
    pub vsic: char,
    /// Whether the seat lies in a difficult area, as filed.
    pub difficult_area: bool,
    /// Members as last declared.
    pub members: Option<i64>,
    /// Charter capital, đồng.
    pub capital: Option<i64>,
    /// The first day of the latest state.
    pub from: Date,
    /// The day it was founded.
    pub founded_on: Date,
    /// The day from which it no longer exists.
    pub ceased_on: Option<Date>,
    /// Whether it was made by a generator.
    pub synthetic: bool,
    /// The subject's version: how many filings there are about it.
    pub version: u32,
}

/// The plan in force with what was published since.
#[derive(Clone, Debug, PartialEq)]
pub struct AdoptedPlan {
    /// The pack, later published figures merged in.
    pub pack: Pack,
    /// The hash of the pack's files.
    pub files_hash: String,
    /// The ledger position of the adoption.
    pub position: u64,
}

/// The plan's own text, as attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanText {
    /// The name of the file.
    pub file_name: String,
    /// The hash of the file's bytes.
    pub file_hash: String,
    /// Its text.
    pub text: String,
    /// The ledger position.
    pub position: u64,
}

/// What a check of the whole database found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many filings were checked.
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

impl Store {
    /// Opens the database and brings it to the program's version.
    pub async fn open(_location: &Location, _mode: OpenMode) -> Result<Self, Error> {
        Err(Error::Empty)
    }

    /// Closes all connections, so that the database file can be copied or removed.
    pub async fn close(&self) {}

    /// Begins to write, after every other writer has finished.
    pub async fn begin(&self) -> Result<Writing, Error> {
        Err(Error::Empty)
    }

    /// The position of the last filing; 0 while there is none.
    pub async fn position(&self) -> Result<u64, Error> {
        Err(Error::Empty)
    }

    /// The position and hash of the last filing.
    pub async fn head(&self) -> Result<(u64, Hash), Error> {
        Err(Error::Empty)
    }

    /// Filings behind a position, in order.
    pub async fn filings(&self, _after: u64, _limit: u32) -> Result<Vec<Filing>, Error> {
        Err(Error::Empty)
    }

    /// The filing at a position.
    pub async fn find_filing(&self, _position: u64) -> Result<Option<Filing>, Error> {
        Err(Error::Empty)
    }

    /// All filings about a subject, in order.
    pub async fn filings_about(&self, _subject: &Subject) -> Result<Vec<Filing>, Error> {
        Err(Error::Empty)
    }

    /// Everything that the register knows.
    pub async fn register(&self) -> Result<Register, Error> {
        Err(Error::Empty)
    }

    /// All units with their successions.
    pub async fn places(&self) -> Result<Places, Error> {
        Err(Error::Empty)
    }

    /// The plan adopted last.
    pub async fn plan(&self) -> Result<Option<AdoptedPlan>, Error> {
        Err(Error::Empty)
    }

    /// The text attached last to the plan adopted last.
    pub async fn plan_text(&self) -> Result<Option<PlanText>, Error> {
        Err(Error::Empty)
    }

    /// The organisation by its latest state.
    pub async fn find_organisation(
        &self,
        _id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        Err(Error::Empty)
    }

    /// How many filings there are about a subject.
    pub async fn subject_version(&self, _subject: &Subject) -> Result<u32, Error> {
        Err(Error::Empty)
    }

    /// Checks the whole database. What is wrong with it is in the answer, not an error.
    pub async fn verify(
        &self,
        _progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Verification, Error> {
        Err(Error::Empty)
    }

    /// Makes all projections anew from the ledger, in one transaction.
    pub async fn rebuild(
        &self,
        _progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Rebuilt, Error> {
        Err(Error::Empty)
    }
}

impl Writing {
    /// The organisation by its latest state.
    pub async fn organisation(
        &mut self,
        _id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        Err(Error::Empty)
    }

    /// The organisation that has a registration code.
    pub async fn code_owner(&mut self, _code: &str) -> Result<Option<OrganisationId>, Error> {
        Err(Error::Empty)
    }

    /// The unit with an identity.
    pub async fn unit(&mut self, _id: &UnitId) -> Result<Option<Unit>, Error> {
        Err(Error::Empty)
    }

    /// The span of a linkage contract of an organisation: its first day, and its last where known.
    pub async fn link(
        &mut self,
        _organisation: OrganisationId,
        _link: &str,
    ) -> Result<Option<(Date, Option<Date>)>, Error> {
        Err(Error::Empty)
    }

    /// Whether an organisation already has a certificate of this number or name.
    pub async fn has_certificate(
        &mut self,
        _organisation: OrganisationId,
        _certificate: &str,
    ) -> Result<bool, Error> {
        Err(Error::Empty)
    }

    /// From when a cooperative has been a member of a union, while it still is.
    pub async fn member_since(
        &mut self,
        _organisation: OrganisationId,
        _union: OrganisationId,
    ) -> Result<Option<Date>, Error> {
        Err(Error::Empty)
    }

    /// The plan adopted last.
    pub async fn plan(&mut self) -> Result<Option<AdoptedPlan>, Error> {
        Err(Error::Empty)
    }

    /// How many filings there are about a subject.
    pub async fn subject_version(&mut self, _subject: &Subject) -> Result<u32, Error> {
        Err(Error::Empty)
    }

    /// The filing that was accepted with an idempotency key.
    pub async fn accepted_with_key(&mut self, _key: &str) -> Result<Option<Filing>, Error> {
        Err(Error::Empty)
    }

    /// Appends a filing and folds it into the projections.
    pub async fn append(&mut self, _draft: &Draft) -> Result<Filing, Error> {
        Err(Error::Empty)
    }

    /// Keeps everything that was appended.
    pub async fn commit(self) -> Result<(), Error> {
        Err(Error::Empty)
    }
}
