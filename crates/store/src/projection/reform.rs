//! Changes of the places: units that begin and end, who follows whom, names, and where seats lie.

use hoptac_model::filing::Filing;
use hoptac_model::filing::reform::{Reform, SeatPlace};
use hoptac_model::ids::UnitId;
use hoptac_model::unit::Unit;
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, organisation_of, unit};
use crate::Error;
use crate::database::failure;
use crate::place;
use crate::table::{SEAT_PLACE, UNIT_NAME, Value, number};

/// The places change. A unit that ends had its last day the day before.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    filing: &Filing,
    reform: &Reform,
) -> Result<(), Error> {
    let mut begun: Vec<Unit> = Vec::new();
    for new in reform.creates() {
        if place::find(connection, &new.id).await?.is_some() {
            return Err(inapplicable(
                filing,
                words!("đã có đơn vị `{id}`", "there is a unit `{id}` already", id = new.id),
            ));
        }
        begun.push(new.begun_on(filing.effective_on));
    }
    unit::put(connection, filing, &begun, &[]).await?;
    for id in reform.ends() {
        end(connection, filing, id).await?;
    }
    unit::put(connection, filing, &[], &reform.successors()).await?;
    if let Reform::Rename(rename) = reform {
        must_find(connection, filing, &rename.unit).await?;
        let row = [
            Value::from(rename.unit.as_str()),
            filing.effective_on.into(),
            number(filing.position).into(),
            rename.name.as_str().into(),
        ];
        UNIT_NAME.put(connection, &[row]).await?;
    }
    Ok(())
}

/// It is decided where a seat lies.
pub(super) async fn seat(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &SeatPlace,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        body.seat.as_str().into(),
        number(filing.position).into(),
        body.unit.as_str().into(),
    ];
    SEAT_PLACE.put(connection, &[row]).await
}

/// A unit ends the day before the filing is effective. It ends once.
async fn end(connection: &mut AnyConnection, filing: &Filing, id: &UnitId) -> Result<(), Error> {
    let known = must_find(connection, filing, id).await?;
    if let Some(last) = known.valid_to {
        return Err(inapplicable(
            filing,
            words!(
                "đơn vị `{id}` đã chấm dứt ngày {last}",
                "the unit `{id}` ended on {last}",
                id,
                last
            ),
        ));
    }
    let last = filing.effective_on.yesterday().map_err(|_| {
        inapplicable(
            filing,
            words!(
                "không có ngày nào trước ngày hiệu lực",
                "there is no day before the one from which it is effective"
            ),
        )
    })?;
    sqlx::query("UPDATE unit SET valid_to = $1, position = $2 WHERE id = $3")
        .bind(last.to_string())
        .bind(number(filing.position))
        .bind(id.as_str())
        .execute(connection)
        .await
        .map_err(failure("ending a unit"))?;
    Ok(())
}

async fn must_find(
    connection: &mut AnyConnection,
    filing: &Filing,
    id: &UnitId,
) -> Result<Unit, Error> {
    let known = place::find(connection, id).await?;
    known.ok_or_else(|| {
        inapplicable(filing, words!("không có đơn vị `{id}`", "there is no unit `{id}`", id))
    })
}
