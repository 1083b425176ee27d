//! From what happened to what was filed: the day a thing is effective, the office hour at which it is recorded some days
//! later, and the identity that follows from that hour.

use hoptac_model::filing::{Body, Draft, Subject};
use hoptac_model::ids::{FilingId, OrganisationId};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use uuid::{Builder, Uuid};

use crate::chance::{Chance, after};

/// Viet Nam keeps one time the whole year.
const HERE: Offset = Offset::constant(7);

/// Something that happened to an organisation, before it is filed.
pub(crate) struct Event {
    /// The day it is effective.
    pub(crate) on: Date,
    /// What comes first on one day: 0 founding, 1 most things, 2 the end of contracts, 3 the end of the organisation.
    pub(crate) rank: u8,
    /// The most days until the office records it.
    pub(crate) delay_days: i64,
    /// Who files: a role with its place.
    pub(crate) actor: String,
    /// What is filed.
    pub(crate) body: Body,
    /// What must be recorded before, where it concerns another organisation.
    pub(crate) behind: Option<Timestamp>,
}

impl Event {
    /// An ordinary event, recorded within the week.
    pub(crate) fn new(on: Date, actor: impl Into<String>, body: Body) -> Self {
        Self { on, rank: 1, delay_days: 6, actor: actor.into(), body, behind: None }
    }

    /// The same event with another rank on its day.
    pub(crate) fn ranked(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }
}

/// Files the events of one organisation in the order in which they happened: nothing is recorded before what happened to
/// the same organisation earlier.
pub(crate) fn file(
    organisation: OrganisationId,
    mut events: Vec<Event>,
    chance: &mut Chance,
) -> Vec<Draft> {
    events.sort_by_key(|event| (event.on, event.rank));
    let mut last = Timestamp::MIN;
    let mut drafts = Vec::with_capacity(events.len());
    for event in events {
        last = last.max(event.behind.unwrap_or(Timestamp::MIN));
        let day = after(event.on, chance.whole(0, event.delay_days));
        let mut recorded_at = office_hour(day, chance);
        if recorded_at <= last {
            recorded_at = minutes_after(last, chance.whole(1, 9));
        }
        last = recorded_at;
        drafts.push(Draft {
            id: FilingId(identity(recorded_at, chance)),
            recorded_at,
            effective_on: event.on,
            actor: event.actor,
            subject: Subject::organisation(organisation),
            expected_version: None,
            origin: hoptac_model::filing::Origin::Synthetic,
            key: None,
            body: event.body,
        });
    }
    drafts
}

/// An identity of version 7: the time and ten bytes of chance.
pub(crate) fn identity(at: Timestamp, chance: &mut Chance) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &chance.bytes()).into_uuid()
}

/// The opening hour of a day.
pub(crate) fn morning(day: Date) -> Timestamp {
    instant(day.at(7, 30, 0, 0))
}

/// The day on which something was recorded, as the office's calendar has it.
pub(crate) fn day_of(at: Timestamp) -> Date {
    HERE.to_datetime(at).date()
}

/// A second between half past seven and half past four of the first working day from `day` on.
pub(crate) fn office_hour(day: Date, chance: &mut Chance) -> Timestamp {
    let wait = match day.weekday() {
        Weekday::Saturday => 2,
        Weekday::Sunday => 1,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => 0,
    };
    let seconds = chance.whole(0, 9 * 3600);
    after_span(morning(after(day, wait)), Span::new().seconds(seconds))
}

fn minutes_after(at: Timestamp, minutes: i64) -> Timestamp {
    let later = after_span(at, Span::new().minutes(minutes));
    // What no longer fits into the afternoon waits for the morning.
    if HERE.to_datetime(later).hour() < 17 { later } else { morning(after(day_of(at), 1)) }
}

fn after_span(at: Timestamp, span: Span) -> Timestamp {
    at.checked_add(span).unwrap_or(at)
}

/// The instant of a local time. Simulated years lie far inside the range of the calendar.
fn instant(local: DateTime) -> Timestamp {
    HERE.to_timestamp(local).unwrap_or(Timestamp::UNIX_EPOCH)
}
