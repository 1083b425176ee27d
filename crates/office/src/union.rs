//! Cooperatives in unions.

use hoptac_model::filing::{Draft, UnionChange};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Kind, Status};
use hoptac_store::{Error, Writing};

use crate::finding::Findings;
use crate::known::Known;

/// Reads the union and the membership.
pub(crate) async fn read(
    writing: &mut Writing,
    organisation: OrganisationId,
    body: &UnionChange,
    known: &mut Known,
) -> Result<(), Error> {
    known.union = writing.organisation(body.union).await?;
    known.member_since = writing.member_since(organisation, body.union).await?;
    Ok(())
}

/// What is wrong with joining.
pub fn join(draft: &Draft, _: &UnionChange, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    if let Some(card) = known.organisation.as_ref().filter(|card| card.kind != Kind::Cooperative) {
        findings.error(
            "union.member-kind",
            "subject",
            format!("{} is a {}", card.name, card.kind.words().en.to_lowercase()),
            "only cooperatives join a union",
        );
    }
    union(known, &mut findings);
    if let Some(union) = &known.union {
        if union.status == Status::Terminated {
            findings.error(
                "union.terminated",
                "union",
                format!(
                    "{} has not existed since {}",
                    union.name,
                    union.ceased_on.unwrap_or(union.from)
                ),
                "name another union",
            );
        }
        if draft.effective_on < union.founded_on {
            findings.error(
                "union.days",
                "effective_on",
                format!("{} was founded only on {}", union.name, union.founded_on),
                "correct the day",
            );
        }
    }
    if let Some(since) = known.member_since {
        findings.error(
            "union.member-already",
            "union",
            format!("it has been a member of this union since {since}"),
            "nothing needs to be filed",
        );
    }
    findings.into_vec()
}

/// What is wrong with leaving.
pub fn leave(draft: &Draft, _: &UnionChange, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    union(known, &mut findings);
    match known.member_since {
        None => findings.error(
            "union.no-member",
            "union",
            "it is not a member of this union",
            "check the union",
        ),
        Some(since) if draft.effective_on < since => findings.error(
            "union.days",
            "effective_on",
            format!("it has been a member only since {since}"),
            "correct the day",
        ),
        Some(_) => {}
    }
    findings.into_vec()
}

fn union(known: &Known, findings: &mut Findings) {
    match &known.union {
        None => findings.error(
            "union.unknown",
            "union",
            "there is no organisation of this identity",
            "establish the union first, or correct the identity",
        ),
        Some(card) if card.kind != Kind::Union => findings.error(
            "union.kind",
            "union",
            format!("{} is not a union", card.name),
            "name a union of cooperatives",
        ),
        Some(_) => {}
    }
}
