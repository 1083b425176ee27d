//! Which organisation came of which, and how.

use hoptac_model::filing::event::Event;
use hoptac_model::ids::OrganisationId;
use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::Error;
use crate::database::failure;
use crate::table::{LINEAGE, Value, number};

/// Writes what an event says about who came of the organisation.
pub(super) async fn put(
    connection: &mut AnyConnection,
    id: OrganisationId,
    on: Date,
    position: u64,
    event: &Event,
) -> Result<(), Error> {
    let (Some(way), results) = event.lineage() else { return Ok(()) };
    let mut results = results.to_vec();
    results.sort_unstable();
    results.dedup();
    let rows: Vec<_> = results
        .iter()
        .map(|result| {
            [
                Value::from(id.to_string()),
                result.to_string().into(),
                number(position).into(),
                way.code().into(),
                on.into(),
            ]
        })
        .collect();
    LINEAGE.put(connection, &rows).await
}

/// Takes back what was written about who came of the organisation, before it is derived anew.
pub(super) async fn forget(
    connection: &mut AnyConnection,
    id: OrganisationId,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM lineage WHERE source = $1")
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(failure("deriving an organisation's lineage anew"))?;
    Ok(())
}
