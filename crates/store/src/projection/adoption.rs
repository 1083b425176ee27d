//! Confirmed check-lists; another one from the same day takes the place of the one before.

use hoptac_model::filing::{Filing, PracticeConfirm};
use sqlx::AnyConnection;

use super::{json, organisation_of};
use crate::Error;
use crate::table::{ADOPTION, Value, number};

/// A check-list is confirmed.
pub(super) async fn confirm(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PracticeConfirm,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        body.practice.code().into(),
        filing.effective_on.into(),
        body.to.into(),
        json(filing, &body.items)?.into(),
        body.confirmed_by.as_str().into(),
        number(filing.position).into(),
    ];
    ADOPTION.put(connection, &[row]).await
}
