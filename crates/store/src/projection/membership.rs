//! Cooperatives in unions.

use hoptac_model::filing::{Filing, UnionChange};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::table::{MEMBERSHIP, Value, number};

/// A cooperative joins a union, which must be registered.
pub(super) async fn join(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &UnionChange,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let union = sqlx::query("SELECT position FROM organisation WHERE id = $1")
        .bind(body.union.to_string())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("looking for a union"))?;
    if union.is_none() {
        return Err(inapplicable(
            filing,
            words!("không có liên hiệp này", "there is no such union"),
        ));
    }
    let sql = "SELECT position FROM membership WHERE organisation = $1 AND in_union = $2 AND to_day IS NULL";
    let open = sqlx::query(sql)
        .bind(organisation.to_string())
        .bind(body.union.to_string())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("looking for a membership"))?;
    if open.is_some() {
        return Err(inapplicable(
            filing,
            words!(
                "hợp tác xã đã là thành viên của liên hiệp",
                "the cooperative is already a member of the union"
            ),
        ));
    }
    let row = [
        Value::from(organisation.to_string()),
        body.union.to_string().into(),
        number(filing.position).into(),
        filing.effective_on.into(),
        Value::Text(None),
    ];
    MEMBERSHIP.put(connection, &[row]).await
}

/// A cooperative leaves a union; the effective day is its last as a member.
pub(super) async fn leave(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &UnionChange,
) -> Result<(), Error> {
    let sql = "UPDATE membership SET to_day = $1 WHERE organisation = $2 AND in_union = $3 AND to_day IS NULL";
    let left = sqlx::query(sql)
        .bind(filing.effective_on.to_string())
        .bind(organisation_of(filing)?.to_string())
        .bind(body.union.to_string())
        .execute(connection)
        .await
        .map_err(failure("ending a membership"))?;
    if left.rows_affected() == 0 {
        return Err(inapplicable(
            filing,
            words!(
                "hợp tác xã không phải là thành viên của liên hiệp",
                "the cooperative is not a member of the union"
            ),
        ));
    }
    Ok(())
}
