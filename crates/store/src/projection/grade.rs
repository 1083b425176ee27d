//! Decided grades. Every version is kept: on a day before a new decision, the one before holds.

use hoptac_model::filing::{Filing, GradeDecide};
use sqlx::AnyConnection;

use super::organisation_of;
use crate::Error;
use crate::table::{GRADE, Value, number};

/// A grade is decided.
pub(super) async fn decide(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &GradeDecide,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        i64::from(body.year).into(),
        number(filing.position).into(),
        filing.effective_on.into(),
        body.ruleset.as_str().into(),
        i64::from(body.score_tenths).into(),
        body.grade.code().into(),
    ];
    GRADE.put(connection, &[row]).await
}
