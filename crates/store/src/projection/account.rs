//! Accounts: their state, what they were granted, for whom they sign.

use hoptac_model::account::{AccountName, AccountState, Grant};
use hoptac_model::filing::Filing;
use hoptac_model::filing::account::{AccountAct, Delegation, DelegationEnd};
use hoptac_model::words;
use jiff::civil::Date;
use sqlx::AnyConnection;

use super::inapplicable;
use crate::Error;
use crate::database::failure;
use crate::table::{ACCOUNT, ACCOUNT_DELEGATION, ACCOUNT_GRANT, Value, number};

/// Folds what happens to an account.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    filing: &Filing,
    act: &AccountAct,
) -> Result<(), Error> {
    let name = filing.subject.as_account().ok_or_else(|| {
        inapplicable(
            filing,
            words!(
                "`{subject}` không phải là tài khoản",
                "`{subject}` is no account",
                subject = filing.subject.0
            ),
        )
    })?;
    let exists = find(connection, &name).await?;
    if let AccountAct::Invite(body) = act {
        if exists {
            return Err(inapplicable(
                filing,
                words!(
                    "đã có tài khoản {name}",
                    "there is an account {name} already",
                    name = name.as_str()
                ),
            ));
        }
        let row = [
            Value::from(name.as_str()),
            body.title.as_str().into(),
            AccountState::Invited.code().into(),
            filing.effective_on.into(),
            number(filing.position).into(),
        ];
        ACCOUNT.put(connection, &[row]).await?;
        return grant(connection, filing, &name, &body.grants).await;
    }
    if !exists {
        return Err(inapplicable(
            filing,
            words!("không có tài khoản {name}", "there is no account {name}", name = name.as_str()),
        ));
    }
    match act {
        AccountAct::Invite(_) => Ok(()),
        AccountAct::Activate(_) | AccountAct::Unlock(_) => {
            become_(connection, &name, AccountState::Active).await
        }
        AccountAct::Lock(_) => become_(connection, &name, AccountState::Locked).await,
        AccountAct::Close(_) => become_(connection, &name, AccountState::Closed).await,
        AccountAct::Grant(body) => {
            grant(connection, filing, &name, std::slice::from_ref(body)).await
        }
        AccountAct::Revoke(body) => revoke(connection, filing, &name, &body.grant).await,
        AccountAct::Delegate(body) => delegate(connection, filing, &name, body).await,
        AccountAct::EndDelegation(body) => end(connection, filing, &name, body).await,
    }
}

async fn find(connection: &mut AnyConnection, name: &AccountName) -> Result<bool, Error> {
    let row = sqlx::query("SELECT name FROM account WHERE name = $1")
        .bind(name.as_str())
        .fetch_optional(connection)
        .await
        .map_err(failure("looking for an account"))?;
    Ok(row.is_some())
}

/// The account is in another state from now on.
async fn become_(
    connection: &mut AnyConnection,
    name: &AccountName,
    state: AccountState,
) -> Result<(), Error> {
    sqlx::query("UPDATE account SET state = $1 WHERE name = $2")
        .bind(state.code())
        .bind(name.as_str())
        .execute(connection)
        .await
        .map_err(failure("changing the state of an account"))?;
    Ok(())
}

async fn grant(
    connection: &mut AnyConnection,
    filing: &Filing,
    name: &AccountName,
    grants: &[Grant],
) -> Result<(), Error> {
    let rows: Vec<[Value; 10]> = (1_i64..)
        .zip(grants)
        .map(|(count, Grant { role, scope })| {
            [
                Value::from(name.as_str()),
                number(filing.position).into(),
                count.into(),
                role.code().into(),
                scope.territory.as_ref().map(ToString::to_string).into(),
                scope.sector.map(|sector| sector.code().to_owned()).into(),
                scope.agency.clone().into(),
                scope.organisation.map(|id| id.to_string()).into(),
                filing.effective_on.into(),
                None::<Date>.into(),
            ]
        })
        .collect();
    ACCOUNT_GRANT.put(connection, &rows).await
}

/// The last of the grants that read so and are not yet revoked ends.
async fn revoke(
    connection: &mut AnyConnection,
    filing: &Filing,
    name: &AccountName,
    Grant { role, scope }: &Grant,
) -> Result<(), Error> {
    let last = day_before(filing)?;
    let sql = "UPDATE account_grant SET to_day = $1 WHERE account = $2 AND role = $3 \
               AND COALESCE(territory, '') = $4 AND COALESCE(sector, '') = $5 \
               AND COALESCE(agency, '') = $6 AND COALESCE(organisation, '') = $7 AND to_day IS NULL";
    let done = sqlx::query(sql)
        .bind(last.to_string())
        .bind(name.as_str())
        .bind(role.code())
        .bind(scope.territory.as_ref().map_or("", |unit| unit.as_str()))
        .bind(scope.sector.map_or("", |sector| sector.code()))
        .bind(scope.agency.as_deref().unwrap_or(""))
        .bind(scope.organisation.map_or_else(String::new, |id| id.to_string()))
        .execute(connection)
        .await
        .map_err(failure("revoking a grant"))?;
    if done.rows_affected() == 0 {
        return Err(inapplicable(
            filing,
            words!(
                "{name} không có vai trò như vậy",
                "{name} has no such grant",
                name = name.as_str()
            ),
        ));
    }
    Ok(())
}

async fn delegate(
    connection: &mut AnyConnection,
    filing: &Filing,
    name: &AccountName,
    body: &Delegation,
) -> Result<(), Error> {
    let row = [
        Value::from(name.as_str()),
        number(filing.position).into(),
        body.of.as_str().into(),
        body.form.code().into(),
        filing.effective_on.into(),
        body.to.into(),
        body.decision.number.as_str().into(),
        body.decision.date.into(),
        body.decision.issuer.as_str().into(),
    ];
    ACCOUNT_DELEGATION.put(connection, &[row]).await
}

/// Every delegation by the other that lasts on the filing's day, or would begin later, ends the day before.
async fn end(
    connection: &mut AnyConnection,
    filing: &Filing,
    name: &AccountName,
    body: &DelegationEnd,
) -> Result<(), Error> {
    let last = day_before(filing)?;
    let sql = "UPDATE account_delegation SET to_day = $1 \
               WHERE account = $2 AND delegator = $3 AND to_day > $1";
    let done = sqlx::query(sql)
        .bind(last.to_string())
        .bind(name.as_str())
        .bind(body.of.as_str())
        .execute(connection)
        .await
        .map_err(failure("ending a delegation"))?;
    if done.rows_affected() == 0 {
        return Err(inapplicable(
            filing,
            words!(
                "{name} không ký thay cho {of}",
                "{name} does not sign for {of}",
                name = name.as_str(),
                of = body.of.as_str()
            ),
        ));
    }
    Ok(())
}

fn day_before(filing: &Filing) -> Result<Date, Error> {
    let outside = || words!("ngày nằm ngoài lịch", "the day is outside the calendar");
    filing.effective_on.yesterday().map_err(|_| inapplicable(filing, outside()))
}
