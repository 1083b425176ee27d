//! What a filing would change: it is accepted in a transaction that is dropped, and everything is read before and after.

use hoptac_model::consequence::{Consequences, Touched, TouchedGrade, TouchedReturn};
use hoptac_model::filing::{Draft, Filing};
use hoptac_model::finding::Finding;
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Register;
use hoptac_store::{Error, KnownOn, Store};
use jiff::civil::Date;

use crate::Actor;
use crate::clerk::Clerk;

/// What was found, and what the filing would change where it could be accepted.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// Everything that is found about the filing.
    pub findings: Vec<Finding>,
    /// The state before and after; none where the filing cannot be accepted.
    pub states: Option<Box<States>>,
}

/// Everything that is known before and after a filing.
#[derive(Clone, Debug)]
pub struct States {
    /// As it is.
    pub before: KnownOn,
    /// As it would be.
    pub after: KnownOn,
    /// What rests on the state that changes, and the editions that were issued. The figures are for `engine` to compare.
    pub consequences: Consequences,
}

/// Says what would be found about a filing and what it would change, and files nothing.
pub async fn foresee(store: &Store, actor: &Actor, mut draft: Draft) -> Result<Foreseen, Error> {
    draft.actor.clone_from(&actor.name);
    let mut clerk = Clerk::new(store.begin().await?);
    let mut findings = crate::examined(&mut clerk, actor, &draft).await?;
    if findings.iter().any(Finding::is_error) {
        return Ok(Foreseen { findings, states: None });
    }
    let before = clerk.writing().known().await?;
    let later = later(&clerk.writing().filings_about(&draft.subject).await?, draft.effective_on);
    let editions = clerk.writing().editions().await?;
    if let Some(finding) = clerk.trial(&draft).await? {
        findings.push(finding);
        return Ok(Foreseen { findings, states: None });
    }
    let after = clerk.writing().known().await?;
    let id = draft.subject.as_organisation();
    let consequences = Consequences {
        later,
        returns: id.map(|id| returns(&before.register, id, draft.effective_on)).unwrap_or_default(),
        grades: id.map(|id| grades(&before.register, id, draft.effective_on)).unwrap_or_default(),
        editions,
        ..Consequences::default()
    };
    Ok(Foreseen { findings, states: Some(Box::new(States { before, after, consequences })) })
}

impl Foreseen {
    /// Whether anything stands against acceptance.
    pub fn is_refused(&self) -> bool {
        self.states.is_none()
    }
}

impl States {
    /// Keeps the editions that show a day on which a figure changes. To be called once the figures are compared.
    pub fn settle(&mut self) {
        let first = self.consequences.first_day();
        self.consequences.editions.retain(|edition| first.is_some_and(|first| first <= edition.on));
    }
}

/// Filings that take effect on the day or later.
fn later(filed: &[Filing], day: Date) -> Vec<Touched> {
    filed
        .iter()
        .filter(|filing| filing.effective_on >= day)
        .map(|filing| Touched {
            position: filing.position,
            kind: filing.kind,
            effective_on: filing.effective_on,
        })
        .collect()
}

/// Returns of years that a change from the day on reaches.
fn returns(register: &Register, id: OrganisationId, day: Date) -> Vec<TouchedReturn> {
    let own = register.index_of(id).map(|index| register.returns.of(index)).unwrap_or_default();
    own.iter()
        .filter(|filed| filed.year >= day.year())
        .map(|filed| TouchedReturn { year: filed.year, on: filed.on })
        .collect()
}

/// Grades of years that a change from the day on reaches.
fn grades(register: &Register, id: OrganisationId, day: Date) -> Vec<TouchedGrade> {
    let own = register.index_of(id).map(|index| register.grades.of(index)).unwrap_or_default();
    own.iter()
        .filter(|grade| grade.year >= day.year())
        .map(|grade| TouchedGrade { year: grade.year, on: grade.on, grade: grade.grade })
        .collect()
}
