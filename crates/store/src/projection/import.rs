//! Imports, and what they brought taken away again.

use std::collections::BTreeSet;

use hoptac_model::filing::event::Event;
use hoptac_model::filing::import::{ImportAct, ImportStrike, ImportTake, can_be_struck};
use hoptac_model::filing::support::{
    Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::filing::{
    Body, Filing, FilingKind, LinkChange, LinkEnd, LinkSign, ProductCertify, ProductWithdraw,
};
use hoptac_model::ids::{ImportId, OrganisationId};
use hoptac_model::{lifecycle, words};
use sqlx::AnyConnection;

use super::{certificate, inapplicable, json, link, organisation, organisation_of, support};
use crate::database::failure;
use crate::table::{IMPORT, Value, number};
use crate::{Error, ledger, roll};

/// Folds a filing about an import.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    filing: &Filing,
    act: &ImportAct,
) -> Result<(), Error> {
    match act {
        ImportAct::Take(body) => take(connection, filing, body).await,
        ImportAct::Strike(body) => strike(connection, filing, body).await,
        ImportAct::Undo(_) => undo(connection, filing).await,
    }
}

async fn take(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ImportTake,
) -> Result<(), Error> {
    let id = import_of(filing)?;
    let first = filing.position.checked_sub(u64::from(body.filings)).filter(|first| *first > 0);
    let first = first.ok_or_else(|| {
        inapplicable(
            filing,
            words!(
                "sổ cái không có đủ số hồ sơ của lần nhập này",
                "the ledger has fewer filings than the import says"
            ),
        )
    })?;
    let row = [
        Value::from(id.to_string()),
        body.file_hash.as_str().into(),
        body.form.as_str().into(),
        filing.actor.as_str().into(),
        number(first).into(),
        number(filing.position).into(),
        json(filing, body)?.into(),
        Value::Whole(None),
    ];
    IMPORT.put(connection, &[row]).await
}

/// The record that a filing made goes; an organisation's states follow anew from the filings that are left.
async fn strike(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &ImportStrike,
) -> Result<(), Error> {
    let struck = ledger::find_id(connection, body.filing).await?;
    let struck = struck.filter(|struck| struck.position < filing.position);
    let Some(struck) = struck.filter(|struck| struck.subject == filing.subject) else {
        return Err(inapplicable(
            filing,
            words!(
                "không có hồ sơ trước đó về cùng đối tượng",
                "there is no earlier filing about the same subject"
            ),
        ));
    };
    if !can_be_struck(struck.kind) {
        return Err(inapplicable(
            filing,
            words!(
                "hồ sơ {kind} không rút lại được",
                "a filing {kind} cannot be taken back",
                kind = struck.kind.code()
            ),
        ));
    }
    if matches!(struck.kind, FilingKind::FiguresPublish | FilingKind::UnitsAdopt) {
        return take_back(
            connection,
            &struck,
            &[
                "DELETE FROM figure WHERE position = $1",
                "DELETE FROM unit WHERE position = $1",
                "DELETE FROM successor WHERE position = $1",
            ],
        )
        .await;
    }
    let id = organisation_of(filing)?;
    let struck_body =
        struck.typed_body().map_err(|source| Error::Body { position: struck.position, source })?;
    let of_state = lifecycle::makes_state(struck.kind)
        || matches!(struck_body, Body::OrganisationEvent(Event::Correct(_)));
    if of_state {
        return organisation::correct(connection, filing).await;
    }
    if let Some(record) = Record::of(&struck_body) {
        record.derive_anew(connection, filing, id).await?;
        return organisation::count(connection, filing).await;
    }
    // Each record carries the position of the filing that made it.
    for sql in [
        "DELETE FROM annual_return WHERE organisation = $1 AND position = $2",
        "DELETE FROM return_paper WHERE organisation = $1 AND position = $2",
        "DELETE FROM grade WHERE organisation = $1 AND position = $2",
        "DELETE FROM grade_sheet WHERE organisation = $1 AND position = $2",
        "DELETE FROM promotion WHERE organisation = $1 AND position = $2",
        "DELETE FROM member_event WHERE organisation = $1 AND position = $2",
        "DELETE FROM member_tally WHERE organisation = $1 AND position = $2",
    ] {
        sqlx::query(sql)
            .bind(id.to_string())
            .bind(number(struck.position))
            .execute(&mut *connection)
            .await
            .map_err(failure("taking back what an import brought"))?;
    }
    if matches!(struck_body, Body::Membership(_)) {
        roll::fold(connection, id, filing.position).await?;
    }
    organisation::count(connection, filing).await
}

/// Removes what a filing wrote that is about no organisation.
async fn take_back(
    connection: &mut AnyConnection,
    struck: &Filing,
    statements: &[&'static str],
) -> Result<(), Error> {
    for sql in statements {
        sqlx::query(*sql)
            .bind(number(struck.position))
            .execute(&mut *connection)
            .await
            .map_err(failure("taking back what an import brought"))?;
    }
    Ok(())
}

/// A record of an organisation that several filings write, one after the other.
#[derive(PartialEq, Eq)]
enum Record {
    Link(String),
    Certificate(String),
    Application(String),
}

impl Record {
    /// The record that a filing writes; none where each of its kind writes one of its own.
    fn of(body: &Body) -> Option<Self> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others write none of these")]
        match body {
            Body::LinkSign(LinkSign { link, .. })
            | Body::LinkChange(LinkChange { link, .. })
            | Body::LinkEnd(LinkEnd { link, .. }) => Some(Self::Link(link.clone())),
            Body::ProductCertify(ProductCertify { certificate, .. })
            | Body::ProductWithdraw(ProductWithdraw { certificate, .. }) => {
                Some(Self::Certificate(certificate.clone()))
            }
            Body::Support(
                Support::Apply(SupportApply { application, .. })
                | Support::Decide(SupportDecide { application, .. })
                | Support::Pay(SupportPay { application, .. })
                | Support::Repay(SupportPay { application, .. })
                | Support::Cancel(SupportCancel { application, .. }),
            ) => Some(Self::Application(application.clone())),
            _ => None,
        }
    }

    /// Writes the record again from the filings about it that were not struck.
    async fn derive_anew(
        &self,
        connection: &mut AnyConnection,
        strike: &Filing,
        id: OrganisationId,
    ) -> Result<(), Error> {
        let (statements, name): (&[&'static str], _) = match self {
            Self::Link(name) => (&["DELETE FROM link WHERE organisation = $1 AND link = $2"], name),
            Self::Certificate(name) => {
                (&["DELETE FROM certificate WHERE organisation = $1 AND certificate = $2"], name)
            }
            Self::Application(name) => (
                &[
                    "DELETE FROM support_payment WHERE organisation = $1 AND application = $2",
                    "DELETE FROM support WHERE organisation = $1 AND application = $2",
                ],
                name,
            ),
        };
        for sql in statements {
            sqlx::query(*sql)
                .bind(id.to_string())
                .bind(name)
                .execute(&mut *connection)
                .await
                .map_err(failure("taking back what an import brought"))?;
        }
        let about = ledger::about(connection, &strike.subject, strike.position).await?;
        let mut bodies = Vec::with_capacity(about.len());
        let mut gone = BTreeSet::new();
        for filing in &about {
            let body = filing
                .typed_body()
                .map_err(|source| Error::Body { position: filing.position, source })?;
            if let Body::Import(ImportAct::Strike(strike)) = &body {
                gone.insert(strike.filing);
            }
            bodies.push((filing, body));
        }
        for (filing, body) in bodies {
            if gone.contains(&filing.id) || Self::of(&body).as_ref() != Some(self) {
                continue;
            }
            #[expect(clippy::wildcard_enum_match_arm, reason = "all others write none of these")]
            match &body {
                Body::LinkSign(body) => link::sign(connection, filing, body).await?,
                Body::LinkChange(body) => link::change(connection, filing, body).await?,
                Body::LinkEnd(body) => link::end(connection, filing, body).await?,
                Body::ProductCertify(body) => {
                    certificate::certify(connection, filing, body).await?;
                }
                Body::ProductWithdraw(body) => {
                    certificate::withdraw(connection, filing, body).await?;
                }
                Body::Support(body) => support::apply(connection, filing, body).await?,
                _ => {}
            }
        }
        Ok(())
    }
}

async fn undo(connection: &mut AnyConnection, filing: &Filing) -> Result<(), Error> {
    let id = import_of(filing)?;
    let sql = "UPDATE import SET undone_position = $1 WHERE id = $2 AND undone_position IS NULL";
    let done = sqlx::query(sql)
        .bind(number(filing.position))
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(failure("noting that an import was taken back"))?;
    if done.rows_affected() == 0 {
        return Err(inapplicable(
            filing,
            words!(
                "không có lần nhập này, hoặc đã rút lại rồi",
                "there is no such import, or it was taken back already"
            ),
        ));
    }
    Ok(())
}

fn import_of(filing: &Filing) -> Result<ImportId, Error> {
    filing.subject.as_import().ok_or_else(|| {
        inapplicable(
            filing,
            words!(
                "`{subject}` không phải là lần nhập",
                "`{subject}` is no import",
                subject = filing.subject.0
            ),
        )
    })
}
