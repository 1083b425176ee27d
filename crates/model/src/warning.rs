//! Warnings computed from the law: what has gone on so long that the certificate may be withdrawn [Law 17/2023/QH15, Article
//! 103]. How long is too long is a row of the pack ([`Law::limit`]); what the records cannot tell is not warned of.
//!
//! Groups get no such warning: the article is about the certificates of cooperatives and unions.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::date::{year_end, year_start};
use crate::law::{Ground, Law, Limit};
use crate::organisation::{Kind, Status};
use crate::register::{AnnualReturn, Register, ReturnColumn, State};
use crate::text::Words;
use crate::words;

/// The field of the yearly return that says whether a general meeting was held.
const MEETING: &str = "general_meeting_held";

/// Something that has gone on too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Index of the organisation.
    pub organisation: u32,
    /// What goes on.
    pub ground: Ground,
    /// Since when, as far as the records tell.
    pub since: Date,
    /// What the records say, as a sentence without a full stop.
    pub why: Words,
    /// Where the limit comes from.
    pub source: String,
}

/// What a year's return is due on; none where the calendar does not say.
pub type DueOn<'a> = &'a dyn Fn(i16) -> Option<Date>;

/// All warnings of a day, by organisation, then ground.
pub fn warnings(register: &Register, law: &Law, due_on: DueOn<'_>, day: Date) -> Vec<Warning> {
    let meeting = register.return_columns.iter().find(|column| column.name == MEETING);
    let mut found = Vec::new();
    for (index, organisation) in (0..).zip(&register.organisations) {
        let own = register.states.of(index).iter();
        let states: Vec<&State> = own.filter(|state| state.from <= day).collect();
        let Some(now) = states.last() else { continue };
        if now.kind == Kind::Group || now.status == Status::Terminated {
            continue;
        }
        let own = register.returns.of(index).iter();
        let returns: Vec<&AnnualReturn> = own.filter(|one| one.on <= day).collect();
        let begun = begun(&states).unwrap_or(organisation.founded_on);
        let since = [
            (Ground::Inactive, inactive(&states)),
            (Ground::BelowMinimum, below_minimum(&states, law, day)),
            (Ground::NoGeneralMeeting, no_meeting(&returns, meeting, begun)),
            (Ground::NoReport, no_report(&returns, law, due_on, begun, day)),
        ];
        for (ground, since) in since {
            let (Some(since), Some(limit)) = (since, law.limit(ground, day)) else { continue };
            if !is_over(since, limit, day) {
                continue;
            }
            found.push(Warning {
                organisation: index,
                ground,
                since,
                why: why(ground, since, now, law, day),
                source: limit.origin.source.clone(),
            });
        }
    }
    found
}

/// The first day on which it was no group any more.
fn begun(states: &[&State]) -> Option<Date> {
    states.iter().find(|state| state.kind != Kind::Group).map(|state| state.from)
}

/// Since when it has been suspended, or not at its address, without a break.
fn inactive(states: &[&State]) -> Option<Date> {
    lasting(states, |state| matches!(state.status, Status::Suspended | Status::NotAtAddress))
}

/// Since when it has declared fewer members than the law of the day asks.
fn below_minimum(states: &[&State], law: &Law, day: Date) -> Option<Date> {
    lasting(states, |state| {
        let least = law.members_min(state.kind, day);
        state.members.zip(least).is_some_and(|(members, least)| members < least)
    })
}

/// The first day of the last run of states of which something is true; none where it is not true of the last one.
fn lasting(states: &[&State], holds: impl Fn(&State) -> bool) -> Option<Date> {
    states.iter().rev().take_while(|state| holds(state)).last().map(|state| state.from)
}

/// The last day by which a general meeting can have been held, where a later return says that none was.
fn no_meeting(
    returns: &[&AnnualReturn],
    column: Option<&ReturnColumn>,
    begun: Date,
) -> Option<Date> {
    let held = |one: &AnnualReturn| column?.of(one).map(|flag| flag > 0);
    // Of several versions of a return the last one holds.
    let mut years: Vec<(i16, Option<bool>)> = Vec::new();
    for one in returns {
        match years.last_mut().filter(|(year, _)| *year == one.year) {
            Some(last) => last.1 = held(one),
            None => years.push((one.year, held(one))),
        }
    }
    let (_, last) = years.iter().rfind(|(_, held)| held.is_some())?;
    if *last == Some(true) {
        return None;
    }
    let with = years.iter().rfind(|(_, held)| *held == Some(true));
    Some(with.map_or(begun, |(year, _)| year_end(*year)))
}

/// The day on which the return of the last year was due that is missing since over the limit.
fn no_report(
    returns: &[&AnnualReturn],
    law: &Law,
    due_on: DueOn<'_>,
    begun: Date,
    day: Date,
) -> Option<Date> {
    let limit = law.limit(Ground::NoReport, day)?;
    let mut years = (begun.year()..=day.year()).rev().filter(|year| begun <= year_start(*year));
    let (last, due) = years.find_map(|year| {
        Some((year, due_on(year)?)).filter(|(_, due)| is_over(*due, limit, day))
    })?;
    let filed = returns.iter().any(|one| one.year >= last);
    (!filed).then_some(due)
}

/// Whether something has gone on for longer than a limit. Exactly so many months are not yet too many.
fn is_over(since: Date, limit: &Limit, day: Date) -> bool {
    let months: Span = limit.months.months();
    since.saturating_add(months) < day
}

fn why(ground: Ground, since: Date, now: &State, law: &Law, day: Date) -> Words {
    match ground {
        Ground::Inactive => words!(
            "{status} từ {since}, chưa hoạt động trở lại",
            "{status} since {since} and not working again",
            status = now.status.words().lower(),
            since
        ),
        Ground::BelowMinimum => words!(
            "có {members} thành viên, ít hơn mức tối thiểu {least}, từ {since}",
            "{members} members, fewer than the least number {least}, since {since}",
            members = now.members.unwrap_or_default(),
            least = law.members_min(now.kind, day).unwrap_or_default(),
            since
        ),
        Ground::NoGeneralMeeting => words!(
            "các báo cáo năm không ghi nhận đại hội thành viên nào sau {since}",
            "the yearly returns know of no general meeting after {since}",
            since
        ),
        Ground::NoReport => words!(
            "chưa có báo cáo năm nào được chấp nhận kể từ kỳ hạn {since}",
            "no yearly return is accepted since the one that was due on {since}",
            since
        ),
    }
}

#[cfg(test)]
mod tests;
