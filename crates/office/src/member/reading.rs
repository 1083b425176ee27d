//! The way out: a roll masked, for everybody who may see it, and opened, for who says why. What is opened is in the ledger
//! before anybody sees it.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::member::{DiscloseWay, MemberDisclose, Membership};
use hoptac_model::filing::{Body, Draft, Origin, Subject};
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::member::mask::{self, Masked};
use hoptac_model::member::{Identity, Marks, Span, Tally, spans};
use hoptac_model::seal::Key;
use hoptac_store::Store;
use jiff::Timestamp;
use jiff::civil::Date;

use super::sealing::Ring;
use crate::authority::Actor;
use crate::clerk::Accepted;
use crate::filing::day_in_viet_nam;
use crate::refusal::Refusal;

/// A member of a roll, masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What stands in clear.
    pub span: Span,
    /// Since when it is a member.
    pub since: Date,
    /// Who it is, masked; none where it was erased.
    pub identity: Option<Masked>,
}

/// A member of a roll, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What stands in clear.
    pub span: Span,
    /// Since when it is a member.
    pub since: Date,
    /// Who it is; none where it was erased.
    pub identity: Option<Identity>,
    /// What is delicate about it; none where it was erased.
    pub marks: Option<Marks>,
}

/// A roll on a day, masked.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskedRoll {
    /// The first day of the roll; none where there is none.
    pub begun: Option<Date>,
    /// Its members on the day.
    pub members: Vec<Listed>,
    /// How many have which marks.
    pub tally: Tally,
}

/// Whose personal data are read, by whom, for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The filing's identity.
    pub id: FilingId,
    /// When it is recorded.
    pub recorded_at: Timestamp,
    /// Whose roll.
    pub organisation: OrganisationId,
    /// The day whose roll is read.
    pub day: Date,
    /// Which members; none for the whole roll.
    pub members: Option<Vec<MemberId>>,
    /// How.
    pub way: DiscloseWay,
    /// For which purpose.
    pub purpose: String,
}

/// The roll of an organisation on a day, by what was recorded until the end of another, masked.
pub async fn masked(
    store: &Store,
    master: &Key,
    organisation: OrganisationId,
    day: Date,
    known_on: Option<Date>,
) -> Result<MaskedRoll, Refusal> {
    let roll = store.roll(organisation, known_on).await?;
    let ring = Ring::of_store(store, organisation, master).await?;
    let (held, _) = spans(&roll.events);
    let since = first_days(&held);
    let on_day = held.into_iter().filter(|span| span.holds_on(day));
    let members = on_day.map(|span| {
        let identity = ring.identity(&span.entry).as_ref().map(mask::identity);
        let since = since_of(&since, &span);
        Listed { span, since, identity }
    });
    let members = members.collect();
    let begun = roll.begun().filter(|begun| *begun <= day);
    Ok(MaskedRoll { begun, members, tally: roll.tally_on(day) })
}

/// One member over time, masked.
pub async fn masked_life(
    store: &Store,
    master: &Key,
    organisation: OrganisationId,
    member: MemberId,
    known_on: Option<Date>,
) -> Result<Vec<Listed>, Refusal> {
    let roll = store.roll(organisation, known_on).await?;
    let ring = Ring::of_store(store, organisation, master).await?;
    let (held, _) = spans(&roll.events);
    let since = first_days(&held);
    let life = held.into_iter().filter(|span| span.entry.member == member);
    let masked = life.map(|span| {
        let identity = ring.identity(&span.entry).as_ref().map(mask::identity);
        let since = since_of(&since, &span);
        Listed { span, since, identity }
    });
    Ok(masked.collect())
}

/// Files that personal data are read, and reads them.
pub async fn disclose(
    store: &Store,
    actor: &Actor,
    master: &Key,
    disclosure: Disclosure,
) -> Result<(Accepted, Vec<Opened>), Refusal> {
    let Disclosure { id, recorded_at, organisation, day, members, way, purpose } = disclosure;
    // A key that opens nothing is found before anything is filed.
    let ring = Ring::of_store(store, organisation, master).await?;
    let wanted: Option<BTreeSet<MemberId>> =
        members.as_ref().map(|members| members.iter().copied().collect());
    let body = Body::Membership(Membership::Disclose(MemberDisclose { members, way, purpose }));
    let draft = Draft {
        id,
        recorded_at,
        effective_on: day_in_viet_nam(recorded_at),
        actor: actor.name.clone(),
        subject: Subject::organisation(organisation),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body,
    };
    let accepted = crate::accept(store, actor, draft).await?;
    let roll = store.roll(organisation, None).await?;
    let (held, _) = spans(&roll.events);
    let since = first_days(&held);
    let mut opened = Vec::new();
    for span in held {
        // Who is named is shown by the last entry, also when the membership has ended by the day.
        let asked = wanted.as_ref().is_none_or(|wanted| wanted.contains(&span.entry.member));
        if !asked || (wanted.is_none() && !span.holds_on(day)) || span.from > day {
            continue;
        }
        let (identity, marks) = (ring.identity(&span.entry), ring.marks(&span.entry));
        let since = since_of(&since, &span);
        let next = Opened { span, since, identity, marks };
        match opened.last_mut() {
            Some(last) if same_member(last, &next) => *last = next,
            Some(_) | None => opened.push(next),
        }
    }
    Ok((accepted, opened))
}

fn same_member(one: &Opened, other: &Opened) -> bool {
    one.span.entry.member == other.span.entry.member
}

/// The first day of each member on the roll.
pub(crate) fn first_days(held: &[Span]) -> BTreeMap<MemberId, Date> {
    let mut first = BTreeMap::new();
    for span in held {
        let day = first.entry(span.entry.member).or_insert(span.from);
        *day = span.from.min(*day);
    }
    first
}

/// Since when somebody is a member: as it was stated, else from the first day on the roll.
fn since_of(first: &BTreeMap<MemberId, Date>, span: &Span) -> Date {
    let first = first.get(&span.entry.member).copied();
    span.entry.joined.or(first).unwrap_or(span.from)
}
