//! Single organisations as they stand, and what else a filing about one must be held against.

use hoptac_model::filing::Origin;
use hoptac_model::filing::event::Way;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::{Kind, Sector, Status};
use hoptac_model::register::Practice;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::lot::{Columns, Side, Turns, Whose, each, lots};
use crate::register::columns::VERSION;
use crate::row::Row;

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

/// The organisation by its latest state.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    id: OrganisationId,
) -> Result<Option<OrganisationCard>, Error> {
    find_on(connection, id, Date::MAX).await
}

/// The organisation by its state on a day; none where it had not been founded.
pub(crate) async fn find_on(
    connection: &mut AnyConnection,
    id: OrganisationId,
    day: Date,
) -> Result<Option<OrganisationCard>, Error> {
    let sql = "SELECT s.*, o.founded_on, o.ceased_on, o.origin, o.version \
               FROM organisation o JOIN organisation_state s ON s.organisation = o.id \
               WHERE o.id = $1 AND s.from_day <= $2 ORDER BY s.from_day DESC, s.position DESC LIMIT 1";
    let row = sqlx::query(sql)
        .bind(id.to_string())
        .bind(day.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading an organisation"))?;
    row.map(|row| card(Row { table: "organisation_state", row: &row })).transpose()
}

/// Every state of every organisation, with what does not change.
const CARD: Columns = Columns {
    name: "organisation_state",
    from: "(SELECT s.*, o.founded_on, o.ceased_on, o.origin, o.version \
           FROM organisation o JOIN organisation_state s ON s.organisation = o.id) AS card",
    who: "organisation",
    given: &[
        "organisation",
        "from_day",
        "position",
        "kind",
        "status",
        "name",
        "seat",
        "sector",
        "vsic",
        "difficult_area",
        "founded_on",
        "origin",
        "version",
    ],
    perhaps: &["code", "seat_former", "members", "capital", "ceased_on"],
};

/// Every organisation that had been founded by a day, by its state then, in the order of their identities.
pub(crate) async fn all_on(
    connection: &mut AnyConnection,
    day: Date,
) -> Result<Vec<OrganisationCard>, Error> {
    let whose = Whose::all(connection).await?;
    let mut cards = Vec::new();
    let read = |row: Row<'_>, lot: &mut Vec<(u64, OrganisationCard)>| {
        if row.day("from_day")? <= day {
            lot.push((row.whole("position")?, card(row)?));
        }
        Ok(())
    };
    lots(connection, &whose, (&Turns::new(&whose), Side::Front), &CARD, read, |_, mut lot| {
        lot.sort_by_key(|(position, card)| (card.id, card.from, *position));
        // The last state that had begun is the one of the day.
        lot.reverse();
        lot.dedup_by_key(|(_, card)| card.id);
        cards.extend(lot.into_iter().rev().map(|(_, card)| card));
        Ok(())
    })
    .await?;
    Ok(cards)
}

pub(crate) fn card(row: Row<'_>) -> Result<OrganisationCard, Error> {
    Ok(OrganisationCard {
        id: row.exact("organisation")?,
        code: row.text_or_none("code")?,
        kind: row.coded("kind", Kind::from_code)?,
        status: row.coded("status", Status::from_code)?,
        name: row.text("name")?,
        seat: UnitId::new(row.text("seat")?),
        seat_former: row.text_or_none("seat_former")?.map(UnitId::new),
        sector: row.coded("sector", Sector::from_code)?,
        vsic: row.exact("vsic")?,
        difficult_area: row.flag("difficult_area")?,
        members: row.whole_or_none("members")?,
        capital: row.whole_or_none("capital")?,
        from: row.day("from_day")?,
        founded_on: row.day("founded_on")?,
        ceased_on: row.day_or_none("ceased_on")?,
        synthetic: row.coded("origin", Origin::from_code)? == Origin::Synthetic,
        version: row.whole("version")?,
    })
}

/// The organisation that has a registration code; of several, the one that was filed about last.
pub(crate) async fn code_owner(
    connection: &mut AnyConnection,
    code: &str,
) -> Result<Option<OrganisationId>, Error> {
    let row =
        sqlx::query("SELECT id FROM organisation WHERE code = $1 ORDER BY position DESC LIMIT 1")
            .bind(code)
            .fetch_optional(connection)
            .await
            .map_err(failure("looking for a registration code"))?;
    row.map(|row| Row { table: "organisation", row: &row }.exact("id")).transpose()
}

/// A certificate as it is on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateOnFile {
    /// The product.
    pub product: String,
    /// As `ocop`, `vietgap`.
    pub kind: String,
    /// The first day.
    pub from: Date,
    /// The last day; none where it does not end.
    pub to: Option<Date>,
    /// The day from which it is withdrawn.
    pub withdrawn_on: Option<Date>,
    /// Its stars, where it has some.
    pub stars: Option<u8>,
    /// Its points in tenths, where it has some.
    pub score_tenths: Option<i32>,
    /// The certificate that it renews.
    pub renews: Option<String>,
    /// Who decided it, when, with which document.
    pub decision: String,
}

/// The certificate of this number or name.
pub(crate) async fn certificate(
    connection: &mut AnyConnection,
    id: OrganisationId,
    certificate: &str,
) -> Result<Option<CertificateOnFile>, Error> {
    let row = sqlx::query("SELECT * FROM certificate WHERE organisation = $1 AND certificate = $2")
        .bind(id.to_string())
        .bind(certificate)
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for a certificate"))?;
    let Some(row) = row else { return Ok(None) };
    let row = Row { table: "certificate", row: &row };
    Ok(Some(CertificateOnFile {
        product: row.text("product")?,
        kind: row.text("kind")?,
        from: row.day("from_day")?,
        to: row.day_or_none("to_day")?,
        withdrawn_on: row.day_or_none("withdrawn_on")?,
        stars: row.whole_or_none("stars")?,
        score_tenths: row.whole_or_none("score_tenths")?,
        renews: row.text_or_none("renews")?,
        decision: row.text("decision")?,
    }))
}

/// The items of a check-list that were confirmed, each with its span.
pub(crate) async fn confirmed(
    connection: &mut AnyConnection,
    id: OrganisationId,
    practice: Practice,
) -> Result<Vec<(String, Date, Option<Date>)>, Error> {
    let sql = "SELECT item, from_day, to_day FROM adoption \
               WHERE organisation = $1 AND practice = $2 ORDER BY item, from_day";
    let rows = sqlx::query(sql)
        .bind(id.to_string())
        .bind(practice.code())
        .fetch_all(connection)
        .await
        .map_err(failure("reading a check-list"))?;
    rows.iter()
        .map(|row| {
            let row = Row { table: "adoption", row };
            Ok((row.text("item")?, row.day("from_day")?, row.day_or_none("to_day")?))
        })
        .collect()
}

/// From when a cooperative has been a member of a union, while it still is.
pub(crate) async fn member_since(
    connection: &mut AnyConnection,
    id: OrganisationId,
    union: OrganisationId,
) -> Result<Option<Date>, Error> {
    let sql = "SELECT from_day FROM membership \
               WHERE organisation = $1 AND in_union = $2 AND to_day IS NULL";
    let row = sqlx::query(sql)
        .bind(id.to_string())
        .bind(union.to_string())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a membership"))?;
    row.map(|row| Row { table: "membership", row: &row }.day("from_day")).transpose()
}

/// One step of a lineage: who came of whom, how and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageStep {
    /// Who was before.
    pub source: OrganisationId,
    /// Who came of it.
    pub result: OrganisationId,
    /// How.
    pub way: Way,
    /// The day.
    pub on: Date,
    /// The ledger position of the filing that said so.
    pub position: u64,
}

hoptac_model::packed!(LineageStep { source, result, way, on, position });

/// The steps of lineage that an organisation has a part in, by day.
pub(crate) async fn lineage(
    connection: &mut AnyConnection,
    id: OrganisationId,
) -> Result<Vec<LineageStep>, Error> {
    let sql = "SELECT * FROM lineage WHERE source = $1 OR result = $1";
    let rows = sqlx::query(sql)
        .bind(id.to_string())
        .fetch_all(connection)
        .await
        .map_err(failure("reading a lineage"))?;
    steps(&rows)
}

/// How many filings there are about every organisation. Each of them leaves its number with what it is about.
pub(crate) async fn versions(
    connection: &mut AnyConnection,
) -> Result<Vec<(OrganisationId, u32)>, Error> {
    let whose = Whose::all(connection).await?;
    each(connection, &whose, &VERSION, |row| Ok((row.exact("id")?, row.whole("version")?))).await
}

/// Every step of lineage, by day.
pub(crate) async fn all_lineage(connection: &mut AnyConnection) -> Result<Vec<LineageStep>, Error> {
    let rows = sqlx::query("SELECT * FROM lineage")
        .fetch_all(connection)
        .await
        .map_err(failure("reading all lineages"))?;
    steps(&rows)
}

fn steps(rows: &[AnyRow]) -> Result<Vec<LineageStep>, Error> {
    let mut steps = rows
        .iter()
        .map(|row| {
            let row = Row { table: "lineage", row };
            Ok(LineageStep {
                source: row.exact("source")?,
                result: row.exact("result")?,
                way: row.coded("way", Way::from_code)?,
                on: row.day("on_day")?,
                position: row.whole("position")?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    steps.sort_by_key(|step| (step.on, step.position, step.source, step.result));
    Ok(steps)
}
