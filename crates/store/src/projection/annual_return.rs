//! Accepted yearly returns. Every version is kept: on a day before a correction, what was filed until then holds.

use hoptac_model::filing::{Filing, ReturnAccept};
use jiff::civil::Date;
use sqlx::AnyConnection;

use super::organisation_of;
use crate::database::failure;
use crate::row::Row;
use crate::table::{ANNUAL_RETURN, RETURN_FIELD, Value, number};
use crate::{Error, return_values};

/// The month and day by which returns are due where no plan says otherwise [Circular 09/2024/TT-BKHĐT, Article 6].
const DUE: (i8, i8) = (12, 15);

/// A return is accepted. A return filed after the due date still counts, marked late.
pub(super) async fn accept(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ReturnAccept,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let plan = sqlx::query("SELECT return_due FROM plan ORDER BY position DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("reading when returns are due"))?;
    let due = match &plan {
        Some(row) => month_day(&Row { table: "plan", row }.text("return_due")?),
        None => None,
    };
    let (month, day) = due.unwrap_or(DUE);
    // Only 29 February is a day in some years and none in others; the end of the month is meant then.
    let due = Date::new(body.year, month, day)
        .or_else(|_| Date::new(body.year, month, 1).map(Date::last_of_month));
    let late = due.is_ok_and(|due| filing.effective_on > due);
    let mut fields = return_values::fields(connection).await?;
    let known = fields.len();
    let values = return_values::write(&body.values, &mut fields);
    let position = number(filing.position);
    let new: Vec<[Value; 3]> = (0_i64..)
        .zip(fields)
        .skip(known)
        .map(|(number, name)| [number.into(), name.into(), position.into()])
        .collect();
    RETURN_FIELD.put(connection, &new).await?;
    let row = [
        Value::from(organisation.to_string()),
        i64::from(body.year).into(),
        position.into(),
        filing.effective_on.into(),
        late.into(),
        i64::from(body.form_version).into(),
        values.into(),
    ];
    ANNUAL_RETURN.put(connection, &[row]).await
}

/// Reads `12-15`.
fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}
