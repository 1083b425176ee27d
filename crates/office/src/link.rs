//! Linkage contracts: signed with sale among their stages, ended once.

use hoptac_model::filing::{Body, Draft, LinkEnd, LinkSign};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Stage;
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads the contract of the name.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &Body,
    known: &mut Known,
) -> Result<(), Error> {
    if let Body::LinkSign(LinkSign { link, .. }) | Body::LinkEnd(LinkEnd { link, .. }) = body {
        known.link = writing.link(organisation, link).await?;
    }
    Ok(())
}

/// What is wrong with a contract.
pub fn sign(draft: &Draft, body: &LinkSign, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("link", &body.link);
    findings.text("partner", &body.partner);
    findings.text("partner_name", &body.partner_name);
    findings.text("product", &body.product);
    if !body.stages.contains(&Stage::Sale) {
        findings.error(
            "link.no-sale",
            "stages",
            "sale is not among the stages, and every form of linkage ends in it",
            "add sale, or do not file it as linkage",
        );
    }
    let mut stages = body.stages.clone();
    stages.sort_unstable();
    stages.dedup();
    if stages.len() != body.stages.len() {
        findings.error("link.stage-twice", "stages", "a stage is named twice", "name each once");
    }
    if let Some(to) = body.to.filter(|to| *to <= draft.effective_on) {
        findings.error(
            "link.days",
            "to",
            format!("it ends on {to}, not after it begins, on {}", draft.effective_on),
            "correct one of the days",
        );
    }
    findings.not_negative("link.value", "value", body.value);
    if let Some((from, _)) = known.link {
        findings.error(
            "link.exists",
            "link",
            format!("the contract `{}` is on file already, from {from}", body.link),
            "give the new contract a number of its own",
        );
    }
    let own = known.organisation.as_ref().and_then(|card| card.code.as_ref());
    if own == Some(&body.partner) {
        findings.error(
            "link.itself",
            "partner",
            "the organisation is its own partner",
            "name the other side",
        );
    }
    findings.into_vec()
}

/// What is wrong with the end of a contract.
pub fn end(draft: &Draft, body: &LinkEnd, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.note("reason", &body.reason);
    match known.link {
        None => findings.error(
            "link.unknown",
            "link",
            format!("there is no contract `{}` of this organisation", body.link),
            "take its number from the list of contracts",
        ),
        Some((from, _)) if draft.effective_on < from => findings.error(
            "link.days",
            "effective_on",
            format!("the contract began only on {from}"),
            "correct the day",
        ),
        Some((_, Some(to))) if to < draft.effective_on => findings.error(
            "link.ended",
            "effective_on",
            format!("the contract has ended already, on {to}"),
            "nothing needs to be filed",
        ),
        Some(_) => {}
    }
    findings.into_vec()
}
