//! Confirmed items of check-lists; another confirmation of an item from the same day takes the place of the one before.

use hoptac_model::filing::{Filing, PracticeConfirm, PracticeWithdraw};
use jiff::ToSpan as _;
use sqlx::AnyConnection;

use super::organisation_of;
use crate::Error;
use crate::database::failure;
use crate::table::{ADOPTION, Value, number};

/// Items of a check-list are confirmed.
pub(super) async fn confirm(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PracticeConfirm,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?.to_string();
    let mut items: Vec<&String> = body.items.iter().collect();
    items.sort();
    items.dedup();
    let rows: Vec<[Value; 8]> = items
        .into_iter()
        .map(|item| {
            [
                Value::from(organisation.as_str()),
                body.practice.code().into(),
                item.as_str().into(),
                filing.effective_on.into(),
                body.to.into(),
                body.confirmed_by.as_str().into(),
                body.evidence.as_str().into(),
                number(filing.position).into(),
            ]
        })
        .collect();
    ADOPTION.put(connection, &rows).await
}

/// Items are withdrawn: the day before is their last.
pub(super) async fn withdraw(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &PracticeWithdraw,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?.to_string();
    let on = filing.effective_on.to_string();
    let last = filing.effective_on.saturating_sub(1.day()).to_string();
    let held = "organisation = $3 AND practice = $4 AND from_day <= $5 \
                AND (to_day IS NULL OR to_day >= $5)";
    let every = format!("UPDATE adoption SET to_day = $1, position = $2 WHERE {held}");
    let one = format!("{every} AND item = $6");
    let names: Vec<Option<&String>> =
        if body.items.is_empty() { vec![None] } else { body.items.iter().map(Some).collect() };
    for item in names {
        let sql = if item.is_some() { one.clone() } else { every.clone() };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&last)
            .bind(number(filing.position))
            .bind(&organisation)
            .bind(body.practice.code())
            .bind(&on);
        if let Some(item) = item {
            query = query.bind(item);
        }
        query.execute(&mut *connection).await.map_err(failure("withdrawing a confirmation"))?;
    }
    Ok(())
}
