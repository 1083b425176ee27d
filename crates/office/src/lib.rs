//! The verbs that change things. Whoever wants to file calls [`accept`] or [`accept_all`]; there is no other way into the
//! ledger.
//!
//! Each filing is authorised by one table (`authority.rs`), judged by the pure rules of its noun (`organisation.rs`,
//! `annual_return.rs`, …) on what the store knows, and appended, all in one transaction. A refusal is a sentence, and
//! leaves nothing behind. What a finding's code says in Vietnamese and in English is in `words.rs`.
#![warn(missing_docs)]

pub mod account;
pub mod alert;
pub mod annual_return;
pub mod authority;
pub mod boundary;
pub mod bundle;
mod card;
pub mod cascade;
pub mod certificate;
mod clerk;
pub mod consequence;
pub mod edition;
pub mod event;
pub mod feedback;
pub mod figure;
pub mod filing;
mod finding;
pub mod grade;
pub mod identity;
pub mod import;
pub mod kept_view;
pub mod key;
mod known;
pub mod link;
pub mod member;
pub mod openid;
pub mod organisation;
pub mod particulars;
pub mod password;
pub mod plan;
pub mod practice;
pub mod promotion;
pub mod reform;
mod refusal;
pub mod scenario;
pub mod support;
pub mod task;
pub mod token;
pub mod union;
pub mod unit;
pub mod webhook;
pub mod words;

use std::collections::BTreeMap;

use hoptac_model::filing::{Draft, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::text::Words;
use hoptac_store::{Error, Store};

pub use crate::authority::Actor;
pub use crate::clerk::Accepted;
pub use crate::known::Known;
pub use crate::refusal::Refusal;
pub use hoptac_model::account::Role;

use crate::clerk::Clerk;

/// How many filings of many share a transaction: few enough to lose little, enough that saving does not cost more than
/// judging.
pub const LOT: usize = 1000;

/// What became of many filings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many were accepted now.
    pub accepted: u64,
    /// How many had been accepted before.
    pub repeated: u64,
    /// How often each warning or note was made, by its code.
    pub findings: BTreeMap<&'static str, u64>,
    /// The position of the last one accepted; 0 where none was.
    pub position: u64,
}

/// Ends a transaction with a filing and the files that it is about; without the filing no file is kept.
pub(crate) async fn keep(
    store: &Store,
    mut clerk: Clerk,
    actor: &Actor,
    draft: Draft,
    files: &[impl AsRef<[u8]>],
) -> Result<Accepted, Refusal> {
    let subject = draft.subject.clone();
    for file in files {
        clerk.writing().keep_file(file.as_ref()).await?;
    }
    match clerk.take(actor, draft).await {
        Ok(accepted) => {
            clerk.commit().await?;
            Ok(accepted)
        }
        Err(refusal) => {
            drop(clerk);
            Err(explained(store, &subject, refusal).await)
        }
    }
}

/// Accepts one filing in a transaction of its own.
pub async fn accept(store: &Store, actor: &Actor, draft: Draft) -> Result<Accepted, Refusal> {
    let subject = draft.subject.clone();
    let mut clerk = Clerk::new(store.begin().await?);
    match clerk.take(actor, draft).await {
        Ok(mut accepted) => {
            clerk.commit().await?;
            member::scrub(store, &mut accepted).await;
            Ok(accepted)
        }
        Err(refusal) => {
            drop(clerk);
            Err(explained(store, &subject, refusal).await)
        }
    }
}

/// Accepts many filings in lots of [`LOT`], each lot whole or not at all. After each lot `progress` hears how many have been
/// taken. The first refusal ends it; the lots before stay.
pub async fn accept_all(
    store: &Store,
    actor: &Actor,
    drafts: &mut (dyn Iterator<Item = Draft> + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Summary, Refusal> {
    let mut summary = Summary::default();
    let mut number = 0;
    loop {
        let lot: Vec<Draft> = (&mut *drafts).take(LOT).collect();
        if lot.is_empty() {
            return Ok(summary);
        }
        let mut clerk = Clerk::new(store.begin().await?);
        let mut of_lot = summary.clone();
        let mut erased = Vec::new();
        for draft in lot {
            number += 1;
            let (id, kind, subject) = (draft.id, draft.body.kind().code(), draft.subject.clone());
            match clerk.take(actor, draft).await {
                Ok(accepted) if member::erases(&accepted) => erased.push(accepted),
                Ok(accepted) => of_lot.add(accepted),
                Err(refusal) => {
                    drop(clerk);
                    let refusal = Box::new(explained(store, &subject, refusal).await);
                    return Err(Refusal::InLot { number, kind, id, refusal });
                }
            }
        }
        clerk.commit().await?;
        for mut accepted in erased {
            member::scrub(store, &mut accepted).await;
            of_lot.add(accepted);
        }
        summary = of_lot;
        progress(number);
    }
}

/// Says what would be found about a filing, and files nothing. Empty of errors means that it would be accepted now.
pub async fn check(store: &Store, actor: &Actor, mut draft: Draft) -> Result<Vec<Finding>, Error> {
    draft.actor = actor.signature();
    let mut clerk = Clerk::new(store.begin().await?);
    let mut findings = examined(&mut clerk, actor, &draft).await?;
    if !findings.iter().any(Finding::is_error) {
        findings.extend(clerk.trial(&draft).await?);
    }
    Ok(findings)
}

/// As [`check`], in nobody's way: it needs no turn to write, so that whoever types is answered while others file. What would only
/// be found by filing it is not found.
pub async fn glance(store: &Store, actor: &Actor, mut draft: Draft) -> Result<Vec<Finding>, Error> {
    draft.actor = actor.signature();
    examined(&mut Clerk::new(store.look().await?), actor, &draft).await
}

/// Everything that is found about a draft, and that the actor may not file it among the rest.
pub(crate) async fn examined(
    clerk: &mut Clerk,
    actor: &Actor,
    draft: &Draft,
) -> Result<Vec<Finding>, Error> {
    examined_after(clerk, actor, &[], draft).await
}

/// As [`examined`], where other drafts are to be filed before it.
pub(crate) async fn examined_after(
    clerk: &mut Clerk,
    actor: &Actor,
    before: &[Draft],
    draft: &Draft,
) -> Result<Vec<Finding>, Error> {
    match clerk.authorise(actor, draft).await {
        Ok(()) => clerk.findings_after(before, draft).await,
        Err(Refusal::Store(error)) => Err(error),
        Err(Refusal::Invalid(findings)) => Ok(findings),
        Err(refusal) => {
            let mut findings = clerk.findings_after(before, draft).await?;
            let sentence = refusal.sentence();
            findings.push(Finding::field("filing.not-allowed", "", sentence, Words::default()));
            Ok(findings)
        }
    }
}

impl Summary {
    fn add(&mut self, accepted: Accepted) {
        if accepted.repeated {
            self.repeated += 1;
            return;
        }
        self.accepted += 1;
        self.position = self.position.max(accepted.filing.position);
        for finding in accepted.findings {
            *self.findings.entry(finding.code).or_default() += 1;
        }
    }
}

/// A conflict told with what was filed in between. Reading that needs the transaction to be over.
pub(crate) async fn explained(store: &Store, subject: &Subject, refusal: Refusal) -> Refusal {
    let Refusal::Store(Error::Conflict { subject: name, expected, actual }) = refusal else {
        return refusal;
    };
    let filed = match store.filings_about(subject).await {
        Ok(filed) => filed,
        Err(error) => return Refusal::Store(error),
    };
    let changes = filed
        .iter()
        .filter(|filing| filing.subject_version > expected)
        .map(|filing| (filing.kind, filing.effective_on))
        .collect();
    Refusal::Changed { subject: name, expected, actual, changes }
}
