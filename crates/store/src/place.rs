//! Places from the projections.

use hoptac_model::ids::UnitId;
use hoptac_model::unit::{Level, Places, Successor, Unit};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::Error;
use crate::database::failure;
use crate::row::Row;

/// All units with their successions, in the order of their identities.
pub(crate) async fn places(connection: &mut AnyConnection) -> Result<Places, Error> {
    let doing = failure("reading the places");
    let rows =
        sqlx::query("SELECT * FROM unit").fetch_all(&mut *connection).await.map_err(doing)?;
    let units = rows.iter().map(unit).collect::<Result<Vec<_>, _>>()?;
    let doing = failure("reading who followed whom");
    let rows = sqlx::query("SELECT * FROM successor").fetch_all(connection).await.map_err(doing)?;
    let mut successors = rows.iter().map(successor).collect::<Result<Vec<_>, _>>()?;
    successors.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    Ok(Places::new(units, successors))
}

/// The unit with an identity.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    id: &UnitId,
) -> Result<Option<Unit>, Error> {
    let row = sqlx::query("SELECT * FROM unit WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await
        .map_err(failure("reading a unit"))?;
    row.as_ref().map(unit).transpose()
}

fn unit(row: &AnyRow) -> Result<Unit, Error> {
    let row = Row { table: "unit", row };
    Ok(Unit {
        id: UnitId(row.text("id")?),
        code: row.text("code")?,
        level: row.coded("level", Level::from_code)?,
        name: row.text("name")?,
        parent: row.text_or_none("parent")?.map(UnitId),
        lat_e4: row.whole_or_none("lat_e4")?,
        lon_e4: row.whole_or_none("lon_e4")?,
        valid_from: row.day_or_none("valid_from")?,
        valid_to: row.day_or_none("valid_to")?,
    })
}

fn successor(row: &AnyRow) -> Result<Successor, Error> {
    let row = Row { table: "successor", row };
    Ok(Successor {
        old: UnitId(row.text("old_unit")?),
        new: UnitId(row.text("new_unit")?),
        whole: row.flag("whole")?,
        default: row.flag("by_default")?,
    })
}
