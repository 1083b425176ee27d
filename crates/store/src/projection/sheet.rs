//! Sheets of scores: the organisation's own, the reviewer's, the decision's. Every version is kept.

use hoptac_model::filing::Filing;
use hoptac_model::grading::Sheet;
use sqlx::AnyConnection;

use super::{json, organisation_of};
use crate::Error;
use crate::grade::Stage;
use crate::table::{GRADE_SHEET, Value, number};

/// A sheet is filed.
pub(super) async fn file(
    connection: &mut AnyConnection,
    filing: &Filing,
    stage: Stage,
    year: i16,
    ruleset: &str,
    sheet: &Sheet,
) -> Result<(), Error> {
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        i64::from(year).into(),
        stage.code().into(),
        number(filing.position).into(),
        filing.effective_on.into(),
        ruleset.into(),
        json(filing, sheet)?.into(),
    ];
    GRADE_SHEET.put(connection, &[row]).await
}
