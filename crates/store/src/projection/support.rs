//! Support: programmes, applications, decisions, payments.

use hoptac_model::filing::Filing;
use hoptac_model::filing::support::{
    ProgrammeOpen, Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::words;
use sqlx::AnyConnection;

use super::{inapplicable, json, organisation_of};
use crate::Error;
use crate::database::failure;
use crate::table::{PROGRAMME, SUPPORT, SUPPORT_PAYMENT, Value, number};

/// Folds a filing about support.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &Support,
) -> Result<(), Error> {
    match body {
        Support::Open(body) => open(connection, filing, body).await,
        Support::Apply(body) => file(connection, filing, body).await,
        Support::Decide(body) => decide(connection, filing, body).await,
        Support::Pay(body) => pay(connection, filing, body, body.amount).await,
        Support::Repay(body) => pay(connection, filing, body, -body.amount).await,
        Support::Cancel(body) => cancel(connection, filing, body).await,
    }
}

async fn open(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ProgrammeOpen,
) -> Result<(), Error> {
    let row = [
        Value::from(body.programme.id.as_str()),
        json(filing, &body.programme)?.into(),
        number(filing.position).into(),
    ];
    PROGRAMME.put(connection, &[row]).await
}

async fn file(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &SupportApply,
) -> Result<(), Error> {
    if is_on_file(connection, filing, &body.application).await? {
        let why = words!(
            "tổ chức đã có hồ sơ đề nghị hỗ trợ `{application}`",
            "the organisation already has an application `{application}`",
            application = body.application
        );
        return Err(inapplicable(filing, why));
    }
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        body.application.as_str().into(),
        body.programme.as_str().into(),
        filing.effective_on.into(),
        body.amount.into(),
        body.purpose.as_str().into(),
        body.no_penalty.map(i64::from).into(),
        Value::Text(None),
        Value::Whole(None),
        0.into(),
        "".into(),
        Value::Text(None),
        number(filing.position).into(),
    ];
    SUPPORT.put(connection, &[row]).await
}

async fn decide(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &SupportDecide,
) -> Result<(), Error> {
    must_be_on_file(connection, filing, &body.application).await?;
    let sql = "UPDATE support SET decided_on = $1, approved = $2, granted = $3, decision = $4, \
               position = $5 WHERE organisation = $6 AND application = $7";
    let decision = format!("{}, {}", body.decision.number, body.decision.issuer);
    sqlx::query(sql)
        .bind(filing.effective_on.to_string())
        .bind(i64::from(body.approved))
        .bind(body.amount)
        .bind(decision)
        .bind(number(filing.position))
        .bind(organisation_of(filing)?.to_string())
        .bind(&body.application)
        .execute(connection)
        .await
        .map_err(failure("deciding an application"))?;
    Ok(())
}

async fn pay(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &SupportPay,
    amount: i64,
) -> Result<(), Error> {
    must_be_on_file(connection, filing, &body.application).await?;
    let row = [
        Value::from(organisation_of(filing)?.to_string()),
        body.application.as_str().into(),
        number(filing.position).into(),
        filing.effective_on.into(),
        amount.into(),
        body.document.as_str().into(),
    ];
    SUPPORT_PAYMENT.put(connection, &[row]).await
}

async fn cancel(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &SupportCancel,
) -> Result<(), Error> {
    must_be_on_file(connection, filing, &body.application).await?;
    let sql = "UPDATE support SET cancelled_on = $1, position = $2 \
               WHERE organisation = $3 AND application = $4";
    sqlx::query(sql)
        .bind(filing.effective_on.to_string())
        .bind(number(filing.position))
        .bind(organisation_of(filing)?.to_string())
        .bind(&body.application)
        .execute(connection)
        .await
        .map_err(failure("cancelling an application"))?;
    Ok(())
}

async fn must_be_on_file(
    connection: &mut AnyConnection,
    filing: &Filing,
    application: &str,
) -> Result<(), Error> {
    if is_on_file(connection, filing, application).await? {
        return Ok(());
    }
    let why = words!(
        "tổ chức không có hồ sơ đề nghị hỗ trợ `{application}`",
        "the organisation has no application `{application}`",
        application
    );
    Err(inapplicable(filing, why))
}

async fn is_on_file(
    connection: &mut AnyConnection,
    filing: &Filing,
    application: &str,
) -> Result<bool, Error> {
    let sql = "SELECT position FROM support WHERE organisation = $1 AND application = $2";
    let row = sqlx::query(sql)
        .bind(organisation_of(filing)?.to_string())
        .bind(application)
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for an application"))?;
    Ok(row.is_some())
}
