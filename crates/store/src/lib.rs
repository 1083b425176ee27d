//! The ledger and its projections on SQLite and PostgreSQL.
//!
//! Filings are appended to the ledger and folded into the register's tables in the same transaction; nothing else
//! writes. All SQL of the project is in this crate, one text for both databases; which database it is, only
//! `database.rs` knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use hoptac_model::account::{Account, AccountName, Scope};
use hoptac_model::alert::AlertFiling;
use hoptac_model::consequence::IssuedEdition;
use hoptac_model::feedback::Feedback;
use hoptac_model::filing::touch::Touch;
use hoptac_model::filing::{Draft, Filing, Hash, Subject};
use hoptac_model::ids::{FilingId, OrganisationId, UnitId};
use hoptac_model::register::{OfOne, Practice, Register, SeatDecision};
use hoptac_model::support::Programme;
use hoptac_model::task::TaskFiling;
use hoptac_model::unit::{Places, Unit};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{Any, Transaction};

use crate::database::{Database, failure};
use crate::kept::Shelf;
use crate::ledger::Head;

mod account;
mod annual_return;
mod backup;
mod boundary;
mod bundle;
mod chain;
mod condition;
mod credential;
mod database;
mod edition;
mod error;
mod feedback;
mod grade;
mod import;
mod kept;
mod kept_view;
mod known;
mod ledger;
mod link;
mod lot;
mod member;
mod migration;
mod numbers;
mod organisation;
mod place;
mod plan;
mod plan_draft;
mod projection;
mod reading;
mod register;
mod return_draft;
mod return_values;
mod roll;
mod row;
mod scenario;
mod support;
mod table;
mod task;
mod token;
mod verify;
mod webhook;

pub use annual_return::{AcceptedReturn, Paper, PaperAct, Waiver};
pub use backup::{Cell, CellKind, Cells, Copying, Proof, Restoring, Shape};
pub use boundary::Loading;
pub use bundle::BundleOnFile;
pub use condition::Condition;
pub use credential::{Attempts, Credential, CredentialChange, Session, SessionStage};
pub use database::{PATIENCE, Setup};
pub use edition::EditionOnFile;
pub use error::Error;
pub use grade::{GradeOnFile, SheetOnFile, Stage};
pub use import::{ImportOnFile, SheetDraft};
pub use kept_view::KeptView;
pub use known::KnownOn;
pub use ledger::{LedgerQuestion, Precedent};
pub use link::LinkOnFile;
pub use member::RollOnFile;
pub use migration::Migrated;
pub use organisation::CertificateOnFile;
pub use organisation::{LineageStep, OrganisationCard};
pub use plan::{AdoptedPlan, PlanInForce, PlanText};
pub use plan_draft::PlanDraft;
pub use reading::Reading;
pub use return_draft::ReturnDraft;
pub use scenario::ScenarioOnFile;
pub use support::ApplicationOnFile;
pub use token::{TokenKind, TokenOnFile};
pub use verify::{Phase, Problem, Rebuilt, Step, TableChange, Verification};
pub use webhook::{Delivery, DeliveryState, WebhookOnFile};

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
pub struct Store {
    database: Database,
    migrated: Migrated,
    shelf: Shelf,
}

/// What the register says anew since a position of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The position that it was read at.
    pub position: u64,
    /// Each organisation that filings were about, by identity, for [`Register::take_in_all`].
    pub organisations: Vec<OfOne>,
    /// How many filings there are now about each organisation that any of these filings was about.
    pub versions: BTreeMap<OrganisationId, u32>,
    /// Everything that was filed about tasks, where any of these filings was.
    pub tasks: Option<Vec<TaskFiling>>,
    /// Everything that was filed about alerts, where any of these filings was.
    pub alerts: Option<Vec<AlertFiling>>,
    /// Whether from whom organisations came may be told otherwise than before.
    pub lineage: bool,
    /// Whether places, the plan or programmes may be others than before.
    pub plan: bool,
}

/// What the ledger knows of all organisations beside the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histories {
    /// The position that it was read at.
    pub position: u64,
    /// How many filings there are about each organisation.
    pub versions: Vec<(OrganisationId, u32)>,
    /// Every step of lineage, by day.
    pub lineage: Vec<LineageStep>,
}

/// A serial writer's transaction. Dropping it rolls back.
#[derive(Debug)]
pub struct Writing {
    transaction: Transaction<'static, Any>,
    head: Head,
    /// When the filing at the head was recorded.
    recorded_at: Option<Timestamp>,
    /// What was read last, by whomever.
    shelf: Shelf,
    /// What the ledger had of the draft that was asked about last, until something is appended.
    precedent: Option<(Subject, Option<String>, Precedent)>,
    /// Whether a filing failed after something of it was written.
    spoilt: bool,
    /// Whether it only looks.
    looks: bool,
}

impl Store {
    /// Opens the database and brings it to the program's version.
    pub async fn open(location: &Location, mode: OpenMode) -> Result<Self, Error> {
        Self::open_telling(location, mode, &mut |_| ()).await
    }

    /// Opens the database and brings it to the program's version. Where the register is made anew for that, which takes a
    /// nation some minutes, `progress` hears how far that is.
    pub async fn open_telling(
        location: &Location,
        mode: OpenMode,
        progress: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Self, Error> {
        let database = Database::connect(location, mode).await?;
        match migration::migrate(&database, mode).await {
            Ok(mut migrated) => {
                let owes_fold = migration::owes_fold(&mut *database.read().await?).await?;
                if owes_fold {
                    verify::rebuild(&database, progress).await?;
                    migration::settle_fold(&database).await?;
                    migrated.folded = true;
                }
                Ok(Self { database, migrated, shelf: Shelf::default() })
            }
            Err(error) => {
                database.close().await;
                Err(database.refine(error))
            }
        }
    }

    /// What was done to the schema when the database was opened.
    pub fn migrated(&self) -> &Migrated {
        &self.migrated
    }

    /// Closes all connections, so that the database file can be copied or removed.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.database.is_closed()
    }

    /// Begins to write, after every other writer has finished.
    pub async fn begin(&self) -> Result<Writing, Error> {
        self.writing(self.database.write().await?, false).await
    }

    /// Begins to ask what a writer asks, of one state and in nobody's way. It takes nothing in.
    pub async fn look(&self) -> Result<Writing, Error> {
        self.writing(self.database.read().await?, true).await
    }

    async fn writing(
        &self,
        mut transaction: Transaction<'static, Any>,
        looks: bool,
    ) -> Result<Writing, Error> {
        let (head, recorded_at) = ledger::head_with_time(&mut transaction).await?;
        let (shelf, precedent) = (self.shelf.clone(), None);
        Ok(Writing { transaction, head, recorded_at, shelf, precedent, spoilt: false, looks })
    }

    /// The position of the last filing; 0 while there is none.
    pub async fn position(&self) -> Result<u64, Error> {
        Ok(self.head().await?.0)
    }

    /// The position and hash of the last filing.
    pub async fn head(&self) -> Result<(u64, Hash), Error> {
        let mut reading = self.database.read().await?;
        let head = ledger::head(&mut reading).await?;
        Ok((head.position, head.hash))
    }

    /// Filings behind a position, in order.
    pub async fn filings(&self, after: u64, limit: u32) -> Result<Vec<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::filings(&mut reading, after, limit).await
    }

    /// The filing at a position.
    pub async fn find_filing(&self, position: u64) -> Result<Option<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::find(&mut reading, position).await
    }

    /// The filings that answer a question, the newest first.
    pub async fn filings_newest(
        &self,
        question: &LedgerQuestion,
        limit: u32,
    ) -> Result<Vec<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::newest(&mut reading, question, limit).await
    }

    /// All filings about a subject, in order.
    pub async fn filings_about(&self, subject: &Subject) -> Result<Vec<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::about(&mut reading, subject, u64::MAX).await
    }

    /// Everything that the register knows.
    pub async fn register(&self) -> Result<Register, Error> {
        let mut reading = self.database.read().await?;
        let position = ledger::head(&mut reading).await?.position;
        register::load_kept(&self.database, &mut reading, position).await
    }

    /// What the register says of the organisations that filings behind a position are about, and what else they changed
    /// ([`Touch`]); none where they are more than `most`, so that reading everything again is quicker.
    pub async fn changes(&self, after: u64, most: u32) -> Result<Option<Changes>, Error> {
        let mut reading = self.database.read().await?;
        let filings = ledger::filings(&mut reading, after, most.saturating_add(1)).await?;
        let position = match filings.last() {
            Some(last) => last.position,
            None => ledger::head(&mut reading).await?.position,
        };
        if position.checked_sub(after).is_none_or(|count| count > u64::from(most)) {
            return Ok(None);
        }
        let (mut about, mut versions) = (BTreeSet::new(), BTreeMap::new());
        let mut touched = Vec::new();
        for filing in filings {
            let touch = Touch::by(&filing);
            if let Some(id) = filing.subject.as_organisation() {
                versions.insert(id, filing.subject_version);
                if matches!(touch, Touch::Organisation | Touch::Lineage) {
                    about.insert(id);
                }
            }
            touched.push(touch);
        }
        let mut organisations = Vec::with_capacity(about.len());
        for id in about {
            organisations.push(register::load_of(&mut reading, position, id).await?);
        }
        let (mut tasks, mut alerts) = (None, None);
        if touched.contains(&Touch::Tasks) {
            tasks = Some(task::tasks(&mut reading).await?);
        }
        if touched.contains(&Touch::Alerts) {
            alerts = Some(task::alerts(&mut reading).await?);
        }
        let lineage = touched.contains(&Touch::Lineage);
        let plan = touched.contains(&Touch::Plan);
        Ok(Some(Changes { position, organisations, versions, tasks, alerts, lineage, plan }))
    }

    /// Register, places and plan as the filings recorded until the end of a day in Viet Nam have them; without a day,
    /// as all filings have them. Writers go on meanwhile.
    pub async fn known_on(&self, day: Option<Date>) -> Result<KnownOn, Error> {
        known::known_on(&self.database, day).await
    }

    /// Register, places and plan as the filings up to a position have them. Writers go on meanwhile.
    pub async fn known_at(&self, position: u64) -> Result<KnownOn, Error> {
        known::known_at(&self.database, position).await
    }

    /// All editions, in the order of the ledger.
    pub async fn editions(&self) -> Result<Vec<EditionOnFile>, Error> {
        let mut reading = self.database.read().await?;
        edition::all(&mut reading).await
    }

    /// The loadings of outlines that hold, the last one last.
    pub async fn loadings(&self) -> Result<Vec<Loading>, Error> {
        let mut reading = self.database.read().await?;
        boundary::holding(&mut reading).await
    }

    /// The bundles that were received, in the order of the ledger.
    pub async fn bundles(&self) -> Result<Vec<BundleOnFile>, Error> {
        let mut reading = self.database.read().await?;
        bundle::all(&mut reading).await
    }

    /// The scenarios that are kept, in the order in which they were kept last.
    pub async fn scenarios(&self) -> Result<Vec<ScenarioOnFile>, Error> {
        let mut reading = self.database.read().await?;
        scenario::all(&mut reading).await
    }

    /// The edition with a code.
    pub async fn find_edition(&self, code: &str) -> Result<Option<EditionOnFile>, Error> {
        let mut reading = self.database.read().await?;
        edition::find(&mut reading, code).await
    }

    /// The file that is kept under a hash.
    pub async fn kept_file(&self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        let mut reading = self.database.read().await?;
        edition::file(&mut reading, hash).await
    }

    /// The register as it was known at the end of a day.
    pub async fn register_known_on(&self, day: Date) -> Result<Register, Error> {
        Ok(self.known_on(Some(day)).await?.register)
    }

    /// The support programmes that were opened by filings.
    pub async fn programmes(&self) -> Result<Vec<Programme>, Error> {
        let mut reading = self.database.read().await?;
        support::programmes(&mut reading).await
    }

    /// Everything that was filed about tasks, the plan's own among them.
    pub async fn tasks(&self) -> Result<Vec<TaskFiling>, Error> {
        let mut reading = self.database.read().await?;
        task::tasks(&mut reading).await
    }

    /// Everything that was filed about alerts.
    pub async fn alerts(&self) -> Result<Vec<AlertFiling>, Error> {
        let mut reading = self.database.read().await?;
        task::alerts(&mut reading).await
    }

    /// All units with their successions.
    pub async fn places(&self) -> Result<Places, Error> {
        let mut reading = self.database.read().await?;
        place::places(&mut reading).await
    }

    /// The plan adopted last, with the figures published since.
    pub async fn plan(&self) -> Result<Option<AdoptedPlan>, Error> {
        let mut reading = self.database.read().await?;
        plan::adopted(&mut reading).await
    }

    /// The text attached last to the plan adopted last.
    pub async fn plan_text(&self) -> Result<Option<PlanText>, Error> {
        let mut reading = self.database.read().await?;
        plan::text(&mut reading).await
    }

    /// Keeps a document that somebody reads, and drops those whose day has passed.
    pub async fn add_plan_draft(
        &self,
        id: &str,
        draft: &PlanDraft,
        today: Date,
    ) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        plan_draft::sweep(&mut writing, today).await?;
        plan_draft::add(&mut writing, id, draft).await?;
        writing.commit().await.map_err(failure("keeping a document"))
    }

    /// The document that is kept under an id on a day.
    pub async fn find_plan_draft(&self, id: &str, today: Date) -> Result<Option<PlanDraft>, Error> {
        let mut reading = self.database.read().await?;
        plan_draft::find(&mut reading, id, today).await
    }

    /// Puts other corrections in the place of those that somebody has seen. Gives whether they still stood.
    pub async fn correct_plan_draft(
        &self,
        id: &str,
        seen: &str,
        corrections: &str,
    ) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let done = plan_draft::correct(&mut writing, id, seen, corrections).await?;
        writing.commit().await.map_err(failure("correcting a kept document"))?;
        Ok(done)
    }

    /// Drops a document that somebody read.
    pub async fn remove_plan_draft(&self, id: &str) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        plan_draft::remove(&mut writing, id).await?;
        writing.commit().await.map_err(failure("dropping a kept document"))
    }

    /// The organisation by its latest state.
    pub async fn find_organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        let mut reading = self.database.read().await?;
        organisation::find(&mut reading, id).await
    }

    /// The organisation by its state on a day; none where it had not been founded by then.
    pub async fn find_organisation_on(
        &self,
        id: OrganisationId,
        day: Date,
    ) -> Result<Option<OrganisationCard>, Error> {
        let mut reading = self.database.read().await?;
        organisation::find_on(&mut reading, id, day).await
    }

    /// Who came of an organisation, and of whom it came, by day.
    pub async fn lineage(&self, id: OrganisationId) -> Result<Vec<LineageStep>, Error> {
        let mut reading = self.database.read().await?;
        organisation::lineage(&mut reading, id).await
    }

    /// How many filings there are about every organisation, and who came of whom.
    pub async fn histories(&self) -> Result<Histories, Error> {
        let mut reading = self.database.read().await?;
        let position = ledger::head(&mut reading).await?.position;
        let versions = organisation::versions(&mut reading).await?;
        let lineage = organisation::all_lineage(&mut reading).await?;
        Ok(Histories { position, versions, lineage })
    }

    /// Every organisation that had been founded by a day, by its state then, in the order of their identities.
    pub async fn organisations_on(&self, day: Date) -> Result<Vec<OrganisationCard>, Error> {
        let mut reading = self.database.read().await?;
        organisation::all_on(&mut reading, day).await
    }

    /// The organisation that has a registration code today.
    pub async fn code_owner(&self, code: &str) -> Result<Option<OrganisationId>, Error> {
        let mut reading = self.database.read().await?;
        organisation::code_owner(&mut reading, code).await
    }

    /// The filing with an identity.
    pub async fn filing_with_id(&self, id: FilingId) -> Result<Option<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::find_id(&mut reading, id).await
    }

    /// The filing that was accepted with an idempotency key.
    pub async fn filing_with_key(&self, key: &str) -> Result<Option<Filing>, Error> {
        let mut reading = self.database.read().await?;
        ledger::find_key(&mut reading, key).await
    }

    /// How many filings there are about a subject.
    pub async fn subject_version(&self, subject: &Subject) -> Result<u32, Error> {
        let mut reading = self.database.read().await?;
        ledger::subject_version(&mut reading, subject).await
    }

    /// All accounts, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let mut reading = self.database.read().await?;
        account::all(&mut reading).await
    }

    /// The account of a name.
    pub async fn find_account(&self, name: &AccountName) -> Result<Option<Account>, Error> {
        let mut reading = self.database.read().await?;
        account::find(&mut reading, name).await
    }

    /// The organisations within a scope, as it is on a day, by their latest state.
    pub async fn organisations_within(
        &self,
        scope: &Scope,
        day: Date,
    ) -> Result<Vec<OrganisationCard>, Error> {
        let mut reading = self.database.read().await?;
        account::organisations_within(&mut reading, scope, day).await
    }

    /// Whether an organisation is there and lies within a scope on a day.
    pub async fn is_within(
        &self,
        organisation: OrganisationId,
        scope: &Scope,
        day: Date,
    ) -> Result<bool, Error> {
        let mut reading = self.database.read().await?;
        let Some(card) = organisation::find(&mut reading, organisation).await? else {
            return Ok(false);
        };
        if scope.is_all() {
            return Ok(true);
        }
        let decided = account::seat_decisions(&mut reading, Some(organisation)).await?;
        let decided: Vec<SeatDecision> = decided.into_values().flatten().collect();
        let places = place::places(&mut reading).await?;
        Ok(scope.covers(&places, &account::standpoint(&card, &decided), day))
    }

    /// What an account proves itself by.
    pub async fn credential(&self, account: &AccountName) -> Result<Credential, Error> {
        let mut reading = self.database.read().await?;
        credential::find(&mut reading, account).await
    }

    /// Whose one-time link it is, and until when it works.
    pub async fn link_of(&self, hash: Hash) -> Result<Option<(AccountName, Timestamp)>, Error> {
        let mut reading = self.database.read().await?;
        credential::link(&mut reading, hash).await
    }

    /// The account that is bound to an identity at the provider of identities.
    pub async fn account_of_identity(&self, identity: Hash) -> Result<Option<AccountName>, Error> {
        let mut reading = self.database.read().await?;
        credential::account_of_identity(&mut reading, identity).await
    }

    /// The session of a token's hash.
    pub async fn session(&self, hash: Hash) -> Result<Option<Session>, Error> {
        let mut reading = self.database.read().await?;
        credential::session(&mut reading, hash).await
    }

    /// The sessions of an account, or of all, the one used last first.
    pub async fn sessions(&self, account: Option<&AccountName>) -> Result<Vec<Session>, Error> {
        let mut reading = self.database.read().await?;
        credential::sessions(&mut reading, account).await
    }

    /// What is held against a key of sign-in.
    pub async fn attempts(&self, key: &str) -> Result<Option<Attempts>, Error> {
        let mut reading = self.database.read().await?;
        credential::attempts(&mut reading, key).await
    }

    /// Makes changes to what proves who signs in, all or none.
    pub async fn change_credentials(&self, changes: &[CredentialChange<'_>]) -> Result<(), Error> {
        let mut writing = self.database.write().await?;
        for change in changes {
            credential::change(&mut writing, change).await?;
        }
        writing.commit().await.map_err(failure("keeping what proves who signs in"))
    }

    /// Uses a recovery code up. False where there is none, or no longer.
    pub async fn take_recovery_code(
        &self,
        account: &AccountName,
        hash: Hash,
    ) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let taken = credential::take_recovery_code(&mut writing, account, hash).await?;
        writing.commit().await.map_err(failure("using a recovery code up"))?;
        Ok(taken)
    }

    /// Uses a step of the second factor up. False where it was used already.
    pub async fn take_totp_step(&self, account: &AccountName, step: u64) -> Result<bool, Error> {
        let mut writing = self.database.write().await?;
        let taken = credential::take_totp_step(&mut writing, account, step).await?;
        writing.commit().await.map_err(failure("using a second factor up"))?;
        Ok(taken)
    }

    /// Checks the whole database. What is wrong with it is in the answer, not an error. Readers and writers go on
    /// meanwhile. `progress` hears how far it is.
    pub async fn verify(
        &self,
        progress: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Verification, Error> {
        Ok(verify::verify(&self.database, progress).await)
    }

    /// Makes all projections anew from the ledger, in one transaction. `progress` hears how far it is.
    pub async fn rebuild(&self, progress: &mut (dyn FnMut(Step) + Send)) -> Result<Rebuilt, Error> {
        verify::rebuild(&self.database, progress).await
    }
}

impl Writing {
    /// The position of the last filing, those of this transaction included.
    pub fn position(&self) -> u64 {
        self.head.position
    }

    /// Whether a filing failed after something of it was written, so that the transaction can only be dropped.
    pub fn is_spoilt(&self) -> bool {
        self.spoilt
    }

    /// Filings behind a position, in order.
    pub async fn filings(&mut self, after: u64, limit: u32) -> Result<Vec<Filing>, Error> {
        ledger::filings(&mut self.transaction, after, limit).await
    }

    /// Filings behind a position whose body names something.
    pub async fn filings_naming(&mut self, name: &str, after: u64) -> Result<Vec<Filing>, Error> {
        ledger::naming(&mut self.transaction, name, after).await
    }

    /// When the last filing was recorded; nothing may be recorded before it.
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// The organisation by its latest state.
    pub async fn organisation(
        &mut self,
        id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        organisation::find(&mut self.transaction, id).await
    }

    /// All accounts, by name.
    pub async fn accounts(&mut self) -> Result<Vec<Account>, Error> {
        account::all(&mut self.transaction).await
    }

    /// What was decided about an organisation's seat.
    pub async fn seat_decisions(
        &mut self,
        organisation: OrganisationId,
    ) -> Result<Vec<SeatDecision>, Error> {
        let decided = account::seat_decisions(&mut self.transaction, Some(organisation)).await?;
        Ok(decided.into_values().flatten().collect())
    }

    /// Whose one-time link it is, and until when it works.
    pub async fn link_of(&mut self, hash: Hash) -> Result<Option<(AccountName, Timestamp)>, Error> {
        credential::link(&mut self.transaction, hash).await
    }

    /// The account that is bound to an identity at the provider of identities.
    pub async fn account_of_identity(
        &mut self,
        identity: Hash,
    ) -> Result<Option<AccountName>, Error> {
        credential::account_of_identity(&mut self.transaction, identity).await
    }

    /// Makes a change to what proves who signs in, kept or dropped with what is filed.
    pub async fn change_credential(&mut self, change: &CredentialChange<'_>) -> Result<(), Error> {
        credential::change(&mut self.transaction, change).await
    }

    /// The filing with an identity.
    pub async fn filing_with_id(&mut self, id: FilingId) -> Result<Option<Filing>, Error> {
        ledger::find_id(&mut self.transaction, id).await
    }

    /// Every organisation that had been founded by a day, by its state then, in the order of their identities.
    pub async fn organisations_on(&mut self, day: Date) -> Result<Vec<OrganisationCard>, Error> {
        organisation::all_on(&mut self.transaction, day).await
    }

    /// The organisation that has a registration code.
    pub async fn code_owner(&mut self, code: &str) -> Result<Option<OrganisationId>, Error> {
        organisation::code_owner(&mut self.transaction, code).await
    }

    /// The unit with an identity.
    pub async fn unit(&mut self, id: &UnitId) -> Result<Option<Unit>, Error> {
        place::find(&mut self.transaction, id).await
    }

    /// All units with their successions.
    pub async fn places(&mut self) -> Result<Arc<Places>, Error> {
        place::kept(&mut self.transaction, &self.shelf.places).await
    }

    /// The units in which an organisation ever had its seat.
    pub async fn seats(&mut self, organisation: OrganisationId) -> Result<Vec<UnitId>, Error> {
        place::seats(&mut self.transaction, organisation).await
    }

    /// How many organisations that have not ceased have their seat in a unit, as filed.
    pub async fn seated(&mut self, unit: &UnitId) -> Result<u64, Error> {
        place::seated(&mut self.transaction, unit).await
    }

    /// The terms of a linkage contract of an organisation, oldest first; none where there is no such contract.
    pub async fn link(
        &mut self,
        organisation: OrganisationId,
        link: &str,
    ) -> Result<Vec<LinkOnFile>, Error> {
        link::terms(&mut self.transaction, organisation, link).await
    }

    /// The certificate of an organisation with this number or name.
    pub async fn certificate(
        &mut self,
        organisation: OrganisationId,
        certificate: &str,
    ) -> Result<Option<CertificateOnFile>, Error> {
        organisation::certificate(&mut self.transaction, organisation, certificate).await
    }

    /// The items of a check-list that were confirmed of an organisation: each with its first day, and its last where known.
    pub async fn confirmed(
        &mut self,
        organisation: OrganisationId,
        practice: Practice,
    ) -> Result<Vec<(String, Date, Option<Date>)>, Error> {
        organisation::confirmed(&mut self.transaction, organisation, practice).await
    }

    /// The support programmes that were opened by filings.
    pub async fn programmes(&mut self) -> Result<Vec<Programme>, Error> {
        support::programmes(&mut self.transaction).await
    }

    /// Everything that was filed about tasks, the plan's own among them.
    pub async fn tasks(&mut self) -> Result<Vec<TaskFiling>, Error> {
        task::tasks(&mut self.transaction).await
    }

    /// The applications of an organisation, and all those in a programme.
    pub async fn support_concerning(
        &mut self,
        organisation: OrganisationId,
        programme: &str,
    ) -> Result<Vec<ApplicationOnFile>, Error> {
        support::concerning(&mut self.transaction, organisation, programme).await
    }

    /// From when a cooperative has been a member of a union, while it still is.
    pub async fn member_since(
        &mut self,
        organisation: OrganisationId,
        union: OrganisationId,
    ) -> Result<Option<Date>, Error> {
        organisation::member_since(&mut self.transaction, organisation, union).await
    }

    /// Register, places and plan, what was appended in this transaction included.
    pub async fn known(&mut self) -> Result<KnownOn, Error> {
        known::load(&mut self.transaction, self.head.position).await
    }

    /// All filings about a subject, in order.
    pub async fn filings_about(&mut self, subject: &Subject) -> Result<Vec<Filing>, Error> {
        ledger::about(&mut self.transaction, subject, u64::MAX).await
    }

    /// The editions that were issued, in the order of the ledger: filings about `edition/…`.
    pub async fn editions(&mut self) -> Result<Vec<IssuedEdition>, Error> {
        edition::issued(&mut self.transaction).await
    }

    /// Keeps what somebody wrote from the public side, with a code over what it says.
    pub async fn keep_feedback(&mut self, feedback: &Feedback, said: &str) -> Result<(), Error> {
        feedback::keep(&mut self.transaction, feedback, said).await
    }

    /// The code of the message that says this already.
    pub async fn feedback_with(&mut self, said: &str) -> Result<Option<String>, Error> {
        feedback::with(&mut self.transaction, said).await
    }

    /// How many messages came since a moment.
    pub async fn feedback_since(&mut self, since: Timestamp) -> Result<i64, Error> {
        feedback::count_since(&mut self.transaction, since).await
    }

    /// The loadings of outlines that hold, the last one last.
    pub async fn loadings(&mut self) -> Result<Vec<Loading>, Error> {
        boundary::holding(&mut self.transaction).await
    }

    /// The contents of a kept file.
    pub async fn kept_file(&mut self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        edition::file(&mut self.transaction, hash).await
    }

    /// The last bundle of a sender.
    pub async fn bundle_of(&mut self, sender: &str) -> Result<Option<BundleOnFile>, Error> {
        bundle::last_of(&mut self.transaction, sender).await
    }

    /// The edition with a code.
    pub async fn edition(&mut self, code: &str) -> Result<Option<EditionOnFile>, Error> {
        edition::find(&mut self.transaction, code).await
    }

    /// Keeps a file of an edition under its hash.
    pub async fn keep_file(&mut self, bytes: &[u8]) -> Result<Hash, Error> {
        edition::keep(&mut self.transaction, bytes).await
    }

    /// Whether a file is kept under a hash.
    pub async fn is_kept(&mut self, hash: &str) -> Result<bool, Error> {
        edition::is_kept(&mut self.transaction, hash).await
    }

    /// The plan adopted last, with the figures published since.
    pub async fn plan(&mut self) -> Result<Option<Arc<PlanInForce>>, Error> {
        plan::in_force(&mut self.transaction, &self.shelf.plan).await
    }

    /// How many filings there are about a subject.
    pub async fn subject_version(&mut self, subject: &Subject) -> Result<u32, Error> {
        ledger::subject_version(&mut self.transaction, subject).await
    }

    /// What the ledger has already of what a draft brings.
    pub async fn precedent(&mut self, draft: &Draft) -> Result<Precedent, Error> {
        let precedent = ledger::precedent(&mut self.transaction, draft).await?;
        self.precedent = Some((draft.subject.clone(), draft.key.clone(), precedent));
        Ok(precedent)
    }

    /// The filing that was accepted with an idempotency key.
    pub async fn accepted_with_key(&mut self, key: &str) -> Result<Option<Filing>, Error> {
        ledger::find_key(&mut self.transaction, key).await
    }

    /// Appends a filing and folds it into the projections. After an error here the transaction can only be dropped,
    /// except after one that was found before anything was written: a conflict, a repeated key, a clock that went back,
    /// a line feed.
    pub async fn append(&mut self, draft: &Draft) -> Result<Filing, Error> {
        if self.spoilt || self.looks {
            return Err(Error::Spoilt);
        }
        self.spoilt = true;
        let is_of = |(subject, key, precedent): (Subject, Option<String>, Precedent)| {
            (subject == draft.subject && key == draft.key).then_some(precedent)
        };
        let precedent = self.precedent.take().and_then(is_of);
        let (head, recorded_at) = (self.head, self.recorded_at);
        let appended =
            ledger::append(&mut self.transaction, draft, precedent, head, recorded_at).await;
        let filing = match appended {
            Ok(filing) => filing,
            Err(error) => {
                self.spoilt = !matches!(
                    error,
                    Error::Conflict { .. }
                        | Error::Repeated { .. }
                        | Error::RecordedBack { .. }
                        | Error::LineFeed(_)
                );
                return Err(error);
            }
        };
        projection::apply(&mut self.transaction, &filing).await?;
        self.head = Head { position: filing.position, hash: filing.hash };
        self.recorded_at = Some(filing.recorded_at);
        self.spoilt = false;
        Ok(filing)
    }

    /// Keeps everything that was appended.
    pub async fn commit(mut self) -> Result<(), Error> {
        if self.spoilt || self.looks {
            return Err(Error::Spoilt);
        }
        ledger::note(&mut self.transaction, self.head).await?;
        self.transaction.commit().await.map_err(failure("keeping what was filed"))
    }
}
