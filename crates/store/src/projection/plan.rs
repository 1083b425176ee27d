//! Adopted plans and attached texts: which filing holds. What they say stays in the ledger.

use hoptac_model::filing::{Filing, PlanAdopt, PlanAttach};
use sqlx::AnyConnection;

use crate::Error;
use crate::table::{PLAN, PLAN_TEXT, Value, number};

/// A plan is adopted, or adopted anew.
pub(super) async fn adopt(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PlanAdopt,
) -> Result<(), Error> {
    let due = body.pack.return_due();
    let row = [
        Value::from(body.pack.id.as_str()),
        body.files_hash.as_str().into(),
        due.map_or("", |due| &due.due).into(),
        number(filing.position).into(),
    ];
    PLAN.put(connection, &[row]).await?;
    super::task::plan(connection, filing, body).await
}

/// The plan's own text is attached.
pub(super) async fn attach(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PlanAttach,
) -> Result<(), Error> {
    let row = [
        Value::from(filing.subject.0.as_str()),
        body.file_name.as_str().into(),
        body.file_hash.as_str().into(),
        number(filing.position).into(),
    ];
    PLAN_TEXT.put(connection, &[row]).await
}
