//! Places and who followed whom; a unit or succession filed again takes the place of the one before.

use std::collections::BTreeMap;

use hoptac_model::filing::{Filing, UnitsAdopt};
use hoptac_model::text::fold;
use hoptac_model::unit::{Successor, Unit};
use sqlx::AnyConnection;

use crate::Error;
use crate::table::{SUCCESSOR, UNIT, Value, number};

/// Units and successions are taken over.
pub(super) async fn adopt(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &UnitsAdopt,
) -> Result<(), Error> {
    put(connection, filing, &body.units, &body.successors).await
}

/// Writes units and successions that a filing brings.
pub(super) async fn put(
    connection: &mut AnyConnection,
    filing: &Filing,
    units: &[Unit],
    successors: &[Successor],
) -> Result<(), Error> {
    // One statement may not write a row twice, so that of two units with one identity the last is taken.
    let units: BTreeMap<_, _> = units.iter().map(|unit| (&unit.id, unit)).collect();
    let rows: Vec<_> = units
        .into_values()
        .map(|unit| {
            [
                Value::from(unit.id.as_str()),
                unit.code.as_str().into(),
                unit.level.code().into(),
                unit.name.as_str().into(),
                fold(&unit.name).into(),
                unit.parent.as_ref().map(ToString::to_string).into(),
                unit.lat_e4.map(i64::from).into(),
                unit.lon_e4.map(i64::from).into(),
                unit.valid_from.into(),
                unit.valid_to.into(),
                number(filing.position).into(),
            ]
        })
        .collect();
    UNIT.put(connection, &rows).await?;
    let successors: BTreeMap<_, _> =
        successors.iter().map(|next| ((&next.old, &next.new), next)).collect();
    let rows: Vec<_> = successors
        .into_values()
        .map(|next| {
            [
                Value::from(next.old.as_str()),
                next.new.as_str().into(),
                next.whole.into(),
                next.default.into(),
                number(filing.position).into(),
            ]
        })
        .collect();
    SUCCESSOR.put(connection, &rows).await
}
