//! Places from the projections.

use std::sync::Arc;

use hoptac_model::filing::Subject;
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::unit::{Level, Places, Rename, Successor, Unit};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::kept::Kept;
use crate::row::Row;

/// All units with their successions and later names, in the order of their identities.
pub(crate) async fn places(connection: &mut AnyConnection) -> Result<Places, Error> {
    let doing = failure("reading the places");
    let rows =
        sqlx::query("SELECT * FROM unit").fetch_all(&mut *connection).await.map_err(doing)?;
    let units = rows.iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    let doing = failure("reading who followed whom");
    let rows =
        sqlx::query("SELECT * FROM successor").fetch_all(&mut *connection).await.map_err(doing)?;
    let mut successors = rows.iter().map(successor).collect::<Result<Vec<_>, _>>()?;
    successors.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    let rows = sqlx::query("SELECT * FROM unit_name ORDER BY position")
        .fetch_all(connection)
        .await
        .map_err(failure("reading the names of places"))?;
    let renames = rows.iter().map(rename).collect::<Result<Vec<_>, _>>()?;
    Ok(Places::new(units, successors).renamed(renames))
}

/// The same, which are read only where something of them was filed since they were read last.
pub(crate) async fn kept(
    connection: &mut AnyConnection,
    kept: &Kept<Places>,
) -> Result<Arc<Places>, Error> {
    let sql = "SELECT hash FROM ledger WHERE subject = $1 ORDER BY subject_version DESC LIMIT 1";
    let row = sqlx::query(sql)
        .bind(Subject::units().0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("asking for the places"))?;
    let hash = row.map(|row| Row { table: "ledger", row: &row }.text("hash")).transpose()?;
    let source = vec![hash];
    if let Some(places) = kept.find(&source) {
        return Ok(places);
    }
    Ok(kept.keep(source, places(connection).await?))
}

/// The unit with an identity.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    id: &UnitId,
) -> Result<Option<Unit>, Error> {
    let row = sqlx::query("SELECT * FROM unit WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("reading a unit"))?;
    let Some(row) = row else { return Ok(None) };
    let mut unit = unit(&row)?;
    let row = sqlx::query(
        "SELECT name FROM unit_name WHERE unit = $1 ORDER BY from_day DESC, position DESC LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await
    .map_err(failure("reading a unit's name"))?;
    if let Some(row) = row {
        unit.name = Row { table: "unit_name", row: &row }.text("name")?;
    }
    Ok(Some(unit))
}

/// The units in which an organisation ever had its seat.
pub(crate) async fn seats(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
) -> Result<Vec<UnitId>, Error> {
    let sql = "SELECT DISTINCT seat FROM organisation_state WHERE organisation = $1 ORDER BY seat";
    let rows = sqlx::query(sql)
        .bind(organisation.to_string())
        .fetch_all(connection)
        .await
        .map_err(failure("reading the seats of an organisation"))?;
    rows.iter()
        .map(|row| Ok(UnitId::new(Row { table: "organisation_state", row }.text("seat")?)))
        .collect()
}

/// How many organisations that have not ceased have their seat in a unit, as filed.
pub(crate) async fn seated(connection: &mut AnyConnection, unit: &UnitId) -> Result<u64, Error> {
    let sql = "SELECT COUNT(*) AS seated FROM organisation WHERE seat = $1 AND ceased_on IS NULL";
    let row = sqlx::query(sql)
        .bind(unit.as_str())
        .fetch_one(connection)
        .await
        .map_err(failure("counting the organisations of a unit"))?;
    Row { table: "organisation", row: &row }.whole("seated")
}

fn rename(row: &AnyRow) -> Result<Rename, Error> {
    let row = Row { table: "unit_name", row };
    Ok(Rename {
        unit: UnitId::new(row.text("unit")?),
        from: row.day("from_day")?,
        name: row.text("name")?,
    })
}

fn unit(row: &AnyRow) -> Result<Unit, Error> {
    let row = Row { table: "unit", row };
    Ok(Unit {
        id: UnitId::new(row.text("id")?),
        code: row.text("code")?,
        level: row.coded("level", Level::from_code)?,
        name: row.text("name")?,
        parent: row.text_or_none("parent")?.map(UnitId::new),
        lat_e4: row.whole_or_none("lat_e4")?,
        lon_e4: row.whole_or_none("lon_e4")?,
        valid_from: row.day_or_none("valid_from")?,
        valid_to: row.day_or_none("valid_to")?,
    })
}

fn successor(row: &AnyRow) -> Result<Successor, Error> {
    let row = Row { table: "successor", row };
    Ok(Successor {
        old: UnitId::new(row.text("old_unit")?),
        new: UnitId::new(row.text("new_unit")?),
        whole: row.flag("whole")?,
        default: row.flag("by_default")?,
    })
}
