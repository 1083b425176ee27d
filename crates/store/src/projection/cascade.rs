//! How targets are given out to units: which filing holds from when. What it says stays in the ledger.

use hoptac_model::filing::Filing;
use hoptac_model::filing::cascade::CascadeAdopt;
use sqlx::AnyConnection;

use crate::Error;
use crate::table::{CASCADE, Value, number};

/// A target is given out, or given out anew.
pub(super) async fn adopt(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &CascadeAdopt,
) -> Result<(), Error> {
    let row = [
        Value::from(body.target.as_str()),
        number(filing.position).into(),
        body.plan.as_str().into(),
        filing.effective_on.into(),
    ];
    CASCADE.put(connection, &[row]).await
}
