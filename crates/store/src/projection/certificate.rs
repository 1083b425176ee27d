//! Certificates of products and processes.

use hoptac_model::filing::{Filing, ProductCertify};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::table::{CERTIFICATE, Value, number};

/// A product or process is certified. The certificate's name is unique for the organisation.
pub(super) async fn certify(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ProductCertify,
) -> Result<(), Error> {
    let organisation = organisation_of(filing)?;
    let sql = "SELECT position FROM certificate WHERE organisation = $1 AND certificate = $2";
    let known = sqlx::query(sql)
        .bind(organisation.to_string())
        .bind(&body.certificate)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure("looking for a certificate"))?;
    if known.is_some() {
        let why = words!(
            "tổ chức đã có chứng nhận `{certificate}`",
            "the organisation already has a certificate `{certificate}`",
            certificate = body.certificate
        );
        return Err(inapplicable(filing, why));
    }
    let row = [
        Value::from(organisation.to_string()),
        body.certificate.as_str().into(),
        body.product.as_str().into(),
        body.kind.as_str().into(),
        body.stars.map(i64::from).into(),
        filing.effective_on.into(),
        body.to.into(),
        number(filing.position).into(),
    ];
    CERTIFICATE.put(connection, &[row]).await
}
