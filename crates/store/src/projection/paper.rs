//! Returns on their way and waived checks. Every version is kept.

use hoptac_model::filing::Filing;
use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use sqlx::AnyConnection;

use super::{json, organisation_of};
use crate::Error;
use crate::table::{RETURN_PAPER, RETURN_WAIVER, Value, number};

/// A return is handed in.
pub(super) async fn submit(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ReturnSubmit,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        i64::from(body.year).into(),
        number(filing.position).into(),
        "submitted".into(),
        filing.effective_on.into(),
        i64::from(body.form_version).into(),
        json(filing, &body.values)?.into(),
    ];
    RETURN_PAPER.put(connection, &[row]).await
}

/// A return is sent back. The reason about the whole stands under the empty name.
pub(super) async fn send_back(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ReturnSendBack,
) -> Result<(), Error> {
    let mut reasons = body.reasons.clone();
    if !body.note.is_empty() {
        reasons.insert(String::new(), body.note.clone());
    }
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        i64::from(body.year).into(),
        number(filing.position).into(),
        "sent_back".into(),
        filing.effective_on.into(),
        Value::Whole(None),
        json(filing, &reasons)?.into(),
    ];
    RETURN_PAPER.put(connection, &[row]).await
}

/// A check is waived.
pub(super) async fn waive(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ReturnWaive,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        i64::from(body.year).into(),
        body.check.as_str().into(),
        number(filing.position).into(),
        filing.effective_on.into(),
        body.until.into(),
        body.decided_by.as_str().into(),
        body.reason.as_str().into(),
    ];
    RETURN_WAIVER.put(connection, &[row]).await
}
