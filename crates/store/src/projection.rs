//! The projections: what the filings come to. One function folds a filing into the tables, when it is appended and when
//! everything is made anew.

use hoptac_model::filing::event::Event;
use hoptac_model::filing::support::Support;
use hoptac_model::filing::{Body, Filing};
use hoptac_model::ids::OrganisationId;
use hoptac_model::text::Words;
use hoptac_model::words;
use sqlx::AnyConnection;

use crate::Error;
use crate::grade::Stage;

mod account;
mod adoption;
mod annual_return;
mod cascade;
mod certificate;
mod figure;
mod grade;
mod import;
mod lineage;
mod link;
mod member;
mod membership;
mod organisation;
mod paper;
mod plan;
mod promotion;
mod reform;
mod sheet;
mod support;
mod task;
mod unit;

/// Folds one filing into the tables. The tables must hold what the filings before it come to.
pub(crate) async fn apply(connection: &mut AnyConnection, filing: &Filing) -> Result<(), Error> {
    let body =
        filing.typed_body().map_err(|source| Error::Body { position: filing.position, source })?;
    match &body {
        Body::UnitsAdopt(body) => return unit::adopt(connection, filing, body).await,
        Body::Reform(body) => return reform::apply(connection, filing, body).await,
        // Editions, bundles and scenarios are read off the ledger.
        Body::EditionIssue(_)
        | Body::BoundariesSet(_)
        | Body::BundleAccept(_)
        | Body::ScenarioSave(_) => return Ok(()),
        Body::Account(act) => return account::apply(connection, filing, act).await,
        Body::Task(act) => return task::file(connection, filing, act).await,
        Body::Alert(act) => return task::care(connection, filing, act).await,
        Body::Import(act) => return import::apply(connection, filing, act).await,
        Body::PlanAdopt(body) => return plan::adopt(connection, filing, body).await,
        Body::PlanAttach(body) => return plan::attach(connection, filing, body).await,
        Body::FiguresPublish(body) => return figure::publish(connection, filing, body).await,
        Body::CascadeAdopt(body) => return cascade::adopt(connection, filing, body).await,
        Body::OrganisationEstablish(body) => {
            return organisation::establish(connection, filing, body).await;
        }
        // Particulars are folded when they are asked for.
        Body::OrganisationEvent(Event::Annotate(_)) | Body::Particulars(_) => {}
        Body::OrganisationEvent(Event::Correct(_)) => {
            return organisation::correct(connection, filing).await;
        }
        Body::OrganisationChange(_)
        | Body::OrganisationSuspend(_)
        | Body::OrganisationResume(_)
        | Body::OrganisationConvert(_)
        | Body::OrganisationDissolve(_)
        | Body::OrganisationEvent(_) => {
            return organisation::advance(connection, filing, &body).await;
        }
        Body::ReturnAccept(body) => annual_return::accept(connection, filing, body).await?,
        Body::ReturnSubmit(body) => paper::submit(connection, filing, body).await?,
        Body::ReturnSendBack(body) => paper::send_back(connection, filing, body).await?,
        Body::ReturnWaive(body) => paper::waive(connection, filing, body).await?,
        Body::GradeDecide(body) => {
            grade::decide(connection, filing, body).await?;
            if let Some(sheet) = &body.sheet {
                let stage = Stage::Decision;
                sheet::file(connection, filing, stage, body.year, &body.ruleset, sheet).await?;
            }
        }
        Body::GradeSelfScore(body) => {
            let stage = Stage::SelfScore;
            sheet::file(connection, filing, stage, body.year, &body.ruleset, &body.sheet).await?;
        }
        Body::GradeReview(body) => {
            let stage = Stage::Review;
            sheet::file(connection, filing, stage, body.year, &body.ruleset, &body.sheet).await?;
        }
        Body::LinkSign(body) => link::sign(connection, filing, body).await?,
        Body::LinkChange(body) => link::change(connection, filing, body).await?,
        Body::LinkEnd(body) => link::end(connection, filing, body).await?,
        Body::ProductCertify(body) => certificate::certify(connection, filing, body).await?,
        Body::ProductWithdraw(body) => certificate::withdraw(connection, filing, body).await?,
        Body::PracticeConfirm(body) => adoption::confirm(connection, filing, body).await?,
        Body::PracticeWithdraw(body) => adoption::withdraw(connection, filing, body).await?,
        Body::Support(body) => {
            support::apply(connection, filing, body).await?;
            if matches!(body, Support::Open(_)) {
                return Ok(());
            }
        }
        Body::PromotionAttend(body) => promotion::attend(connection, filing, body).await?,
        Body::UnionJoin(body) => membership::join(connection, filing, body).await?,
        Body::UnionLeave(body) => membership::leave(connection, filing, body).await?,
        Body::OrganisationPlace(body) => reform::seat(connection, filing, body).await?,
        Body::Membership(body) => member::file(connection, filing, body).await?,
    }
    organisation::count(connection, filing).await
}

/// The organisation that a filing is about.
fn organisation_of(filing: &Filing) -> Result<OrganisationId, Error> {
    filing.subject.as_organisation().ok_or_else(|| {
        inapplicable(
            filing,
            words!(
                "`{subject}` không phải là tổ chức",
                "`{subject}` is no organisation",
                subject = filing.subject.0
            ),
        )
    })
}

/// The error of a filing that does not fit what is registered.
fn inapplicable(filing: &Filing, why: Words) -> Error {
    Error::Inapplicable { id: filing.id, kind: filing.kind.code(), why }
}

/// A value as canonical JSON.
fn json(filing: &Filing, value: &impl serde::Serialize) -> Result<String, Error> {
    let value = serde_json::to_value(value)
        .map_err(|source| Error::Body { position: filing.position, source })?;
    Ok(hoptac_model::filing::canonical(&value))
}
