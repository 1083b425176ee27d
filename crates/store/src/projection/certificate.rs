//! Certificates of products and processes: held and withdrawn.

use hoptac_model::filing::{Filing, ProductCertify, ProductWithdraw};
use hoptac_model::{ocop, words};
use sqlx::AnyConnection;

use super::{inapplicable, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::organisation;
use crate::table::{CERTIFICATE, Value, number};

/// A product or process is certified. The certificate's name is unique for the organisation. What follows from points and
/// from the day of an OCOP certificate need not be written.
pub(super) async fn certify(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ProductCertify,
) -> Result<(), Error> {
    let id = organisation_of(filing)?;
    if organisation::certificate(connection, id, &body.certificate).await?.is_some() {
        let why = words!(
            "tổ chức đã có chứng nhận `{certificate}`",
            "the organisation already has a certificate `{certificate}`",
            certificate = body.certificate
        );
        return Err(inapplicable(filing, why));
    }
    let is_ocop = body.kind == ocop::KIND;
    let to = body.to.or_else(|| is_ocop.then(|| ocop::last_day(filing.effective_on)));
    let stars = body.stars.or_else(|| body.score_tenths.and_then(ocop::stars));
    let row = [
        Value::from(id.to_string()),
        body.certificate.as_str().into(),
        body.product.as_str().into(),
        body.kind.as_str().into(),
        stars.map(i64::from).into(),
        body.score_tenths.map(i64::from).into(),
        filing.effective_on.into(),
        to.into(),
        Value::Text(None),
        body.renews.clone().into(),
        body.decision.as_str().into(),
        number(filing.position).into(),
    ];
    CERTIFICATE.put(connection, &[row]).await
}

/// A certificate is withdrawn.
pub(super) async fn withdraw(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ProductWithdraw,
) -> Result<(), Error> {
    let sql = "UPDATE certificate SET withdrawn_on = $1, position = $2 \
               WHERE organisation = $3 AND certificate = $4";
    let withdrawn = sqlx::query(sql)
        .bind(filing.effective_on.to_string())
        .bind(number(filing.position))
        .bind(organisation_of(filing)?.to_string())
        .bind(&body.certificate)
        .execute(connection)
        .await
        .map_err(failure("withdrawing a certificate"))?;
    if withdrawn.rows_affected() == 0 {
        let why = words!(
            "tổ chức không có chứng nhận `{certificate}`",
            "the organisation has no certificate `{certificate}`",
            certificate = body.certificate
        );
        return Err(inapplicable(filing, why));
    }
    Ok(())
}
