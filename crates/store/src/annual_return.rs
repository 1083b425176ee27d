//! Yearly returns on their way: accepted values, what was handed in or sent back, waived checks.

use std::collections::BTreeMap;

use hoptac_model::ids::OrganisationId;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::database::failure;
use crate::lot::{Whose, each};
use crate::register::columns::{ANNUAL_RETURN, RETURN_FIELD};
use crate::row::Row;
use crate::{Error, Store, Writing, return_values};

/// What happened to a return on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperAct {
    /// It was handed in.
    Submitted {
        /// The version of the form.
        form_version: u16,
        /// Values by field.
        values: BTreeMap<String, i64>,
    },
    /// It was sent back.
    SentBack {
        /// Reasons by field; the one about the whole stands under the empty name.
        reasons: BTreeMap<String, String>,
    },
}

/// A return on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Whose return it is.
    pub organisation: OrganisationId,
    /// The year it reports.
    pub year: i16,
    /// The day.
    pub on: Date,
    /// What happened.
    pub act: PaperAct,
    /// The ledger position of its filing.
    pub position: u64,
}

/// A return as it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedReturn {
    /// Whose return it is.
    pub organisation: OrganisationId,
    /// The year it reports.
    pub year: i16,
    /// The day on which it counts as filed.
    pub on: Date,
    /// Whether that was after the due date.
    pub late: bool,
    /// Values by field.
    pub values: BTreeMap<String, i64>,
    /// The ledger position of its filing.
    pub position: u64,
}

/// A waived check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// For whom.
    pub organisation: OrganisationId,
    /// The year of the return.
    pub year: i16,
    /// The check, by its name in the form.
    pub check: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Whose official waived it.
    pub decided_by: String,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Everything that happened to the returns of a year on their way, in the order of the ledger.
    pub async fn papers(&self, year: i16) -> Result<Vec<Paper>, Error> {
        let mut reading = self.database.read().await?;
        papers(&mut reading, None, year).await
    }

    /// The accepted returns of a year, the one that holds of each organisation.
    pub async fn accepted_returns(&self, year: i16) -> Result<Vec<AcceptedReturn>, Error> {
        let mut reading = self.database.read().await?;
        accepted(&mut reading, None, year, Date::MAX).await
    }

    /// The waivers of a year, the one that holds of each organisation and check.
    pub async fn waivers(&self, year: i16) -> Result<Vec<Waiver>, Error> {
        let mut reading = self.database.read().await?;
        waivers(&mut reading, None, year).await
    }
}

impl Writing {
    /// What happened last to an organisation's return on its way.
    pub async fn paper(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Option<Paper>, Error> {
        Ok(papers(&mut self.transaction, Some(organisation), year).await?.pop())
    }

    /// The accepted return of an organisation's year.
    pub async fn accepted_return(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Option<AcceptedReturn>, Error> {
        Ok(accepted(&mut self.transaction, Some(organisation), year, Date::MAX).await?.pop())
    }

    /// The accepted returns of an organisation's year and of the year before it.
    pub async fn accepted_returns(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<[Option<AcceptedReturn>; 2], Error> {
        let tables = [ANNUAL_RETURN, RETURN_FIELD];
        let whose = Whose::one(&mut self.transaction, organisation, &tables).await?;
        let fields = return_values::fields_beside(&mut self.transaction, &whose).await?;
        let years = [year, year.saturating_sub(1)];
        let read = |row: Row<'_>| {
            let year: i16 = row.whole("year")?;
            years.contains(&year).then(|| accepted_return(row, &fields)).transpose()
        };
        let read = each(&mut self.transaction, &whose, &ANNUAL_RETURN, read).await?;
        let mut known: Vec<AcceptedReturn> = read.into_iter().flatten().collect();
        known.sort_by_key(|accepted| (accepted.on, accepted.position));
        Ok(years.map(|year| known.iter().rfind(|accepted| accepted.year == year).cloned()))
    }

    /// The waivers of an organisation's year.
    pub async fn waivers(
        &mut self,
        organisation: OrganisationId,
        year: i16,
    ) -> Result<Vec<Waiver>, Error> {
        waivers(&mut self.transaction, Some(organisation), year).await
    }
}

/// The rows of a year, of one organisation or of all.
async fn rows(
    connection: &mut AnyConnection,
    all: &'static str,
    one: &'static str,
    organisation: Option<OrganisationId>,
    year: i16,
) -> Result<Vec<AnyRow>, Error> {
    let query = match organisation {
        Some(organisation) => sqlx::query(one).bind(i64::from(year)).bind(organisation.to_string()),
        None => sqlx::query(all).bind(i64::from(year)),
    };
    query.fetch_all(connection).await.map_err(failure("reading the returns of a year"))
}

pub(crate) async fn papers(
    connection: &mut AnyConnection,
    organisation: Option<OrganisationId>,
    year: i16,
) -> Result<Vec<Paper>, Error> {
    let all = "SELECT * FROM return_paper WHERE year = $1 ORDER BY position";
    let one = "SELECT * FROM return_paper WHERE year = $1 AND organisation = $2 ORDER BY position";
    let rows = rows(connection, all, one, organisation, year).await?;
    rows.iter().map(paper).collect()
}

fn paper(row: &AnyRow) -> Result<Paper, Error> {
    let row = Row { table: "return_paper", row };
    let contents = row.text("contents")?;
    let wrong = |error| row.wrong("contents", error);
    let act = row.text("act")?;
    let act = match act.as_str() {
        "submitted" => PaperAct::Submitted {
            form_version: row.whole("form_version")?,
            values: serde_json::from_str(&contents).map_err(wrong)?,
        },
        "sent_back" => {
            PaperAct::SentBack { reasons: serde_json::from_str(&contents).map_err(wrong)? }
        }
        _ => return Err(row.wrong("act", act)),
    };
    Ok(Paper {
        organisation: row.exact("organisation")?,
        year: row.whole("year")?,
        on: row.day("on_day")?,
        act,
        position: row.whole("position")?,
    })
}

pub(crate) async fn accepted(
    connection: &mut AnyConnection,
    organisation: Option<OrganisationId>,
    year: i16,
    day: Date,
) -> Result<Vec<AcceptedReturn>, Error> {
    let all = "SELECT * FROM annual_return WHERE year = $1 ORDER BY on_day, position";
    let one = "SELECT * FROM annual_return WHERE year = $1 AND organisation = $2 \
               ORDER BY on_day, position";
    let fields = return_values::fields(connection).await?;
    let mut latest = BTreeMap::new();
    for row in &rows(connection, all, one, organisation, year).await? {
        let accepted = accepted_return(Row { table: "annual_return", row }, &fields)?;
        if accepted.on <= day {
            latest.insert(accepted.organisation, accepted);
        }
    }
    Ok(latest.into_values().collect())
}

fn accepted_return(row: Row<'_>, fields: &[String]) -> Result<AcceptedReturn, Error> {
    Ok(AcceptedReturn {
        organisation: row.exact("organisation")?,
        year: row.whole("year")?,
        on: row.day("on_day")?,
        late: row.flag("late")?,
        values: return_values::named(row, "field_values", fields)?,
        position: row.whole("position")?,
    })
}

pub(crate) async fn waivers(
    connection: &mut AnyConnection,
    organisation: Option<OrganisationId>,
    year: i16,
) -> Result<Vec<Waiver>, Error> {
    let all = "SELECT * FROM return_waiver WHERE year = $1 ORDER BY position";
    let one = "SELECT * FROM return_waiver WHERE year = $1 AND organisation = $2 ORDER BY position";
    let mut latest = BTreeMap::new();
    for row in &rows(connection, all, one, organisation, year).await? {
        let row = Row { table: "return_waiver", row };
        let id: OrganisationId = row.exact("organisation")?;
        let check = row.text("check_name")?;
        let waiver = Waiver {
            organisation: id,
            year: row.whole("year")?,
            check: check.clone(),
            from: row.day("on_day")?,
            until: row.day("until_day")?,
            decided_by: row.text("decided_by")?,
            reason: row.text("reason")?,
        };
        latest.insert((id, check), waiver);
    }
    Ok(latest.into_values().collect())
}
