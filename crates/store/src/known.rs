//! What was known on a day: the register, the places and the plan as the filings recorded until then have them.
//!
//! The filings are folded anew into scratch tables of a reader's transaction, which is then dropped. Writers and other
//! readers go on meanwhile, and the answer follows from the ledger alone.

use hoptac_model::alert::AlertFiling;
use hoptac_model::date::day_ends;
use hoptac_model::register::Register;
use hoptac_model::support::Programme;
use hoptac_model::task::TaskFiling;
use hoptac_model::unit::Places;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::database::{Database, failure};
use crate::plan::{AdoptedPlan, PlanText};
use crate::row::Row;
use crate::table::number;
use crate::{Error, ledger, place, plan, register, support, task, verify};

/// Everything that was known on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownOn {
    /// The position of the last filing recorded until then; 0 where there was none.
    pub position: u64,
    /// The register.
    pub register: Register,
    /// The places.
    pub places: Places,
    /// The plan in force, with the figures published until then.
    pub plan: Option<AdoptedPlan>,
    /// The text attached to it.
    pub plan_text: Option<PlanText>,
    /// The support programmes that were opened by filings.
    pub programmes: Vec<Programme>,
    /// What was filed about tasks, the plan's own among them.
    pub tasks: Vec<TaskFiling>,
    /// What was filed about alerts.
    pub alerts: Vec<AlertFiling>,
}

/// What the filings recorded until the end of the day in Viet Nam come to; without a day, all of them.
pub(crate) async fn known_on(database: &Database, day: Option<Date>) -> Result<KnownOn, Error> {
    let mut reading = database.read().await?;
    let head = ledger::head(&mut reading).await?.position;
    let position = position_on(&mut reading, day).await?;
    drop(reading);
    at(database, position, head).await
}

/// What the filings up to a position come to.
pub(crate) async fn known_at(database: &Database, position: u64) -> Result<KnownOn, Error> {
    let mut reading = database.read().await?;
    let head = ledger::head(&mut reading).await?.position;
    drop(reading);
    at(database, position.min(head), head).await
}

async fn at(database: &Database, position: u64, head: u64) -> Result<KnownOn, Error> {
    // Where nothing was recorded since, the kept tables are the answer.
    if position == head {
        let mut reading = database.read().await?;
        // A filing that came in between is none of those that were asked for.
        if ledger::head(&mut reading).await?.position == position {
            let register = register::load_kept(database, &mut reading, position).await?;
            return beside(&mut reading, register).await;
        }
    }
    let mut connection = database.alone().await?;
    let mut transaction = database.read_on(&mut connection).await?;
    // Only the end of the ledger grows, so that the position still means the same filings.
    verify::fold_anew(database, &mut transaction, position, &mut |_| ()).await?;
    load(&mut transaction, position).await
}

/// The position of the last filing recorded until the end of a day; without a day, that of the last of all.
pub(crate) async fn position_on(
    connection: &mut AnyConnection,
    day: Option<Date>,
) -> Result<u64, Error> {
    let head = ledger::head(&mut *connection).await?.position;
    match day.and_then(day_ends) {
        Some(end) => recorded_before(connection, head, end).await,
        None => Ok(head),
    }
}

/// Everything that the tables of a connection hold.
pub(crate) async fn load(connection: &mut AnyConnection, position: u64) -> Result<KnownOn, Error> {
    let register = register::load(connection, position).await?;
    beside(connection, register).await
}

/// A register, and what the tables hold beside it.
async fn beside(connection: &mut AnyConnection, register: Register) -> Result<KnownOn, Error> {
    Ok(KnownOn {
        position: register.position,
        register,
        places: place::places(connection).await?,
        plan: plan::adopted(&mut *connection).await?,
        plan_text: plan::text(&mut *connection).await?,
        programmes: support::programmes(&mut *connection).await?,
        tasks: task::tasks(&mut *connection).await?,
        alerts: task::alerts(connection).await?,
    })
}

/// The position of the last filing recorded before a moment. Filings stand in the order of their recording, so that
/// halving finds it.
pub(crate) async fn recorded_before(
    connection: &mut AnyConnection,
    head: u64,
    moment: Timestamp,
) -> Result<u64, Error> {
    let (mut before, mut after) = (0, head + 1);
    while before + 1 < after {
        let middle = before + (after - before) / 2;
        let row = sqlx::query("SELECT recorded_at FROM ledger WHERE position = $1")
            .bind(number(middle))
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure("reading when a filing was recorded"))?;
        let row = row.ok_or_else(|| Error::Stored {
            table: "ledger",
            column: "position",
            value: format!("no filing {middle}"),
        })?;
        let recorded_at: Timestamp = Row { table: "ledger", row: &row }.exact("recorded_at")?;
        if recorded_at < moment {
            before = middle;
        } else {
            after = middle;
        }
    }
    Ok(before)
}
