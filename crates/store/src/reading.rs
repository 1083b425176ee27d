//! Reading many things of one state: of everything that was filed, or of what had been recorded by the end of a day.
//!
//! What was known on a day is folded anew into scratch tables of the transaction, so that every question below asks them
//! and not the kept ones; the ledger itself is asked only as far as that day.

use hoptac_model::filing::{Filing, Subject};
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;
use jiff::civil::Date;
use sqlx::{Any, Transaction};

use crate::annual_return::{self, AcceptedReturn, Paper, Waiver};
use crate::database::Database;
use crate::grade::{self, SheetOnFile};
use crate::organisation::{self, LineageStep, OrganisationCard};
use crate::plan::{self, AdoptedPlan};
use crate::{Error, Store, known, ledger, place, register, verify};

/// One state of the database, for as many questions as there are.
pub struct Reading {
    transaction: Transaction<'static, Any>,
    position: u64,
    /// The database, where its kept tables are the answer.
    kept: Option<Database>,
}

impl Store {
    /// Begins to read what the filings recorded until the end of a day in Viet Nam come to; without a day, all of them.
    /// Writers go on meanwhile.
    pub async fn read(&self, known_on: Option<Date>) -> Result<Reading, Error> {
        let mut transaction = self.database.read().await?;
        let head = ledger::head(&mut transaction).await?.position;
        let position = known::position_on(&mut transaction, known_on).await?;
        if position == head {
            return Ok(Reading { transaction, position, kept: Some(self.database.clone()) });
        }
        drop(transaction);
        let mut transaction = self.database.read_apart().await?;
        // Only the end of the ledger grows, so that the position still means the same filings.
        verify::fold_anew(&self.database, &mut transaction, position, &mut |_| ()).await?;
        Ok(Reading { transaction, position, kept: None })
    }
}

impl Reading {
    /// The position of the last filing that is taken into account; 0 where there is none.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The register.
    pub async fn register(&mut self) -> Result<Register, Error> {
        let Self { transaction, position, kept } = self;
        match kept {
            Some(database) => register::load_kept(database, transaction, *position).await,
            None => register::load(transaction, *position).await,
        }
    }

    /// All units with their successions.
    pub async fn places(&mut self) -> Result<Places, Error> {
        place::places(&mut self.transaction).await
    }

    /// The plan adopted last, with the figures published since.
    pub async fn plan(&mut self) -> Result<Option<AdoptedPlan>, Error> {
        plan::adopted(&mut self.transaction).await
    }

    /// All filings about a subject, in order.
    pub async fn filings_about(&mut self, subject: &Subject) -> Result<Vec<Filing>, Error> {
        ledger::about(&mut self.transaction, subject, self.position).await
    }

    /// The organisation by its latest state.
    pub async fn organisation(
        &mut self,
        id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        organisation::find(&mut self.transaction, id).await
    }

    /// The organisation by its state on a day; none where it had not been founded by then.
    pub async fn organisation_on(
        &mut self,
        id: OrganisationId,
        day: Date,
    ) -> Result<Option<OrganisationCard>, Error> {
        organisation::find_on(&mut self.transaction, id, day).await
    }

    /// Every organisation that had been founded by a day, by its state then, in the order of their identities.
    pub async fn organisations_on(&mut self, day: Date) -> Result<Vec<OrganisationCard>, Error> {
        organisation::all_on(&mut self.transaction, day).await
    }

    /// The organisation that has a registration code.
    pub async fn code_owner(&mut self, code: &str) -> Result<Option<OrganisationId>, Error> {
        organisation::code_owner(&mut self.transaction, code).await
    }

    /// Who came of an organisation, and of whom it came, by day.
    pub async fn lineage(&mut self, id: OrganisationId) -> Result<Vec<LineageStep>, Error> {
        organisation::lineage(&mut self.transaction, id).await
    }

    /// Everything that happened to the returns of a year on their way, in the order of the ledger.
    pub async fn papers(&mut self, year: i16) -> Result<Vec<Paper>, Error> {
        annual_return::papers(&mut self.transaction, None, year).await
    }

    /// The accepted returns of a year, the one of each organisation that holds on a day.
    pub async fn accepted_returns(
        &mut self,
        year: i16,
        day: Date,
    ) -> Result<Vec<AcceptedReturn>, Error> {
        annual_return::accepted(&mut self.transaction, None, year, day).await
    }

    /// The waivers of a year, the one that holds of each organisation and check.
    pub async fn waivers(&mut self, year: i16) -> Result<Vec<Waiver>, Error> {
        annual_return::waivers(&mut self.transaction, None, year).await
    }

    /// The sheets of a year that hold on a day: of each organisation and stage the latest, by organisation and stage.
    pub async fn sheets(&mut self, year: i16, day: Date) -> Result<Vec<SheetOnFile>, Error> {
        grade::sheets(&mut self.transaction, None, year, day).await
    }
}
