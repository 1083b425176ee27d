//! Trade-promotion events attended.

use hoptac_model::filing::{Filing, PromotionAttend};
use sqlx::AnyConnection;

use super::organisation_of;
use crate::Error;
use crate::table::{PROMOTION, Value, number};

/// An event was attended.
pub(super) async fn attend(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PromotionAttend,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        filing.effective_on.into(),
        number(filing.position).into(),
        body.event.as_str().into(),
    ];
    PROMOTION.put(connection, &[row]).await
}
