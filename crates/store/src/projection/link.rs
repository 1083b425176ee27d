//! Linkage contracts.

use hoptac_model::filing::{Filing, LinkEnd, LinkSign};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, json, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::table::{LINK, Value, number};

/// A contract is recorded. Its name is unique for the organisation.
pub(super) async fn sign(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &LinkSign,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let known = sqlx::query("SELECT position FROM link WHERE organisation = $1 AND link = $2")
        .bind(organisation.to_string())
        .bind(&body.link)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("looking for a contract"))?;
    if known.is_some() {
        let why = words!(
            "tổ chức đã có hợp đồng `{link}`",
            "the organisation already has a contract `{link}`",
            link = body.link
        );
        return Err(inapplicable(filing, why));
    }
    let row = [
        Value::from(organisation.to_string()),
        body.link.as_str().into(),
        body.partner.as_str().into(),
        body.partner_name.as_str().into(),
        body.partner_kind.code().into(),
        body.product.as_str().into(),
        json(filing, &body.stages)?.into(),
        filing.effective_on.into(),
        body.to.into(),
        body.value.into(),
        number(filing.position).into(),
    ];
    LINK.put(connection, &[row]).await
}

/// A contract ends; the effective day is its last.
pub(super) async fn end(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &LinkEnd,
) -> Result<(), Error> {
    let sql = "UPDATE link SET to_day = $1, position = $2 WHERE organisation = $3 AND link = $4";
    let ended = sqlx::query(sql)
        .bind(filing.effective_on.to_string())
        .bind(number(filing.position))
        .bind(organisation_of(filing)?.to_string())
        .bind(&body.link)
        .execute(connection)
        .await
        .map_err(failure("ending a contract"))?;
    if ended.rows_affected() == 0 {
        let why = words!(
            "tổ chức không có hợp đồng `{link}`",
            "the organisation has no contract `{link}`",
            link = body.link
        );
        return Err(inapplicable(filing, why));
    }
    Ok(())
}
