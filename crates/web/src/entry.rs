//! An organisation as the register has it on a day: its state, its place, its last grade and return, and what the records
//! say should be looked at.

use hoptac_model::date::year_end;
use hoptac_model::law::Law;
use hoptac_model::organisation::{Organisation, Status};
use hoptac_model::pack::Pack;
use hoptac_model::register::{AnnualReturn, GradeDecision, Register, SeatDecision, State};
use hoptac_model::unit::{Places, Unit};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::language::Voice;

/// One organisation on a day.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// Its index in the register.
    pub(crate) index: u32,
    pub(crate) organisation: &'a Organisation,
    pub(crate) state: &'a State,
    /// The commune of its seat on the places asked; none where nobody can say.
    pub(crate) seat: Option<&'a Unit>,
    /// The last grade decided.
    pub(crate) grade: Option<&'a GradeDecision>,
    /// Its return for the year that is looked at.
    pub(crate) returned: Option<&'a AnnualReturn>,
}

/// What should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attention {
    /// Fewer members than the law asks for.
    FewMembers { members: i64, least: i64 },
    /// Suspended for more than twelve months.
    LongSuspended { since: Date },
    /// No return for a year whose due date has passed.
    NoReturn { year: i16 },
    /// The return says that no general meeting was held.
    NoMeeting { year: i16 },
    /// Where the seat lies since a reform is open.
    NoSeat,
}

impl Attention {
    /// The name by which a list is filtered.
    pub(crate) const CODES: [&'static str; 5] =
        ["few_members", "long_suspended", "no_return", "no_meeting", "no_seat"];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::FewMembers { .. } => "few_members",
            Self::LongSuspended { .. } => "long_suspended",
            Self::NoReturn { .. } => "no_return",
            Self::NoMeeting { .. } => "no_meeting",
            Self::NoSeat => "no_seat",
        }
    }

    /// What is to be looked at, as a sentence.
    pub(crate) fn words(self, voice: Voice) -> String {
        match self {
            Self::FewMembers { members, least } => voice.say_with(
                "attention-few-members",
                &[("members", members.to_string().into()), ("least", least.to_string().into())],
            ),
            Self::LongSuspended { since } => voice.say_with(
                "attention-long-suspended",
                &[("day", hoptac_model::date::show(since, voice.0).into())],
            ),
            Self::NoReturn { year } => {
                voice.say_with("attention-no-return", &[("year", year.to_string().into())])
            }
            Self::NoMeeting { year } => {
                voice.say_with("attention-no-meeting", &[("year", year.to_string().into())])
            }
            Self::NoSeat => voice.say("attention-no-seat"),
        }
    }
}

/// The days of a question about the register.
#[derive(Clone, Copy)]
pub(crate) struct Days {
    /// The day that states are of.
    pub(crate) as_of: Date,
    /// The day whose places are meant.
    pub(crate) geography: Date,
    /// The last year whose returns were due by then; none where the plan has no due date.
    pub(crate) due_year: Option<i16>,
}

impl Days {
    /// The days for a page: the plan's own due dates say which returns can be missing.
    pub(crate) fn of(pack: Option<&Pack>, as_of: Date, geography: Date) -> Self {
        let is_due = |year: &i16| {
            pack.and_then(|pack| pack.return_due_on(*year)).is_some_and(|due| due < as_of)
        };
        let due_year = [as_of.year(), as_of.year() - 1, as_of.year() - 2].into_iter().find(is_due);
        Self { as_of, geography, due_year }
    }
}

/// All organisations that had been founded by the day, in the order of the register.
pub(crate) fn all<'a>(register: &'a Register, places: &'a Places, days: Days) -> Vec<Entry<'a>> {
    let count = u32::try_from(register.organisations.len()).unwrap_or(u32::MAX);
    (0..count).filter_map(|index| find(register, places, days, index)).collect()
}

/// The organisation at an index, where it had been founded by the day.
pub(crate) fn find<'a>(
    register: &'a Register,
    places: &'a Places,
    days: Days,
    index: u32,
) -> Option<Entry<'a>> {
    let organisation = register.organisation(index)?;
    let state = own(&register.states, index, |state| state.organisation)
        .iter()
        .rfind(|state| state.from <= days.as_of)?;
    let decided: Vec<&SeatDecision> =
        own(&register.seat_decisions, index, |decided| decided.organisation).iter().collect();
    let seat =
        places.placing(&state.seat, state.seat_former.as_ref(), &decided, days.geography).unit();
    let grade = own(&register.grades, index, |grade| grade.organisation)
        .iter()
        .filter(|grade| grade.on <= days.as_of)
        .max_by_key(|grade| (grade.year, grade.on));
    let returned = own(&register.returns, index, |returned| returned.organisation)
        .iter()
        .rfind(|returned| Some(returned.year) == days.due_year && returned.on <= days.as_of);
    Some(Entry { index, organisation, state, seat, grade, returned })
}

/// The records of one organisation in a list that is sorted by organisation.
pub(crate) fn own<T>(records: &[T], index: u32, of: impl Fn(&T) -> u32) -> &[T] {
    let first = records.partition_point(|record| of(record) < index);
    let end = records.partition_point(|record| of(record) <= index);
    records.get(first..end).unwrap_or_default()
}

impl Entry<'_> {
    /// Whether it still exists.
    pub(crate) fn exists(&self) -> bool {
        self.state.status != Status::Terminated
    }

    /// What should be looked at on the day.
    pub(crate) fn attention(&self, register: &Register, law: &Law, days: Days) -> Vec<Attention> {
        let mut found = Vec::new();
        if !self.exists() {
            return found;
        }
        let least = law.members_min(self.state.kind, days.as_of);
        if let (Some(members), Some(least)) = (self.state.members, least)
            && members < least
        {
            found.push(Attention::FewMembers { members, least });
        }
        if self.state.status == Status::Suspended
            && self.state.from.saturating_add(12.months()) < days.as_of
        {
            found.push(Attention::LongSuspended { since: self.state.from });
        }
        if let Some(year) = days.due_year {
            match self.returned {
                // Who was founded within the year owes its first return for the next.
                None if self.organisation.founded_on <= year_end(year - 1) => {
                    found.push(Attention::NoReturn { year });
                }
                Some(returned)
                    if register.return_value(returned, "general_meeting_held") == Some(0) =>
                {
                    found.push(Attention::NoMeeting { year });
                }
                None | Some(_) => {}
            }
        }
        if self.seat.is_none() {
            found.push(Attention::NoSeat);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_records_of_one_lie_together() {
        let records = [(0, 'a'), (2, 'b'), (2, 'c'), (5, 'd')];
        let of = |index: u32| own(&records, index, |record| record.0).len();
        assert_eq!([0, 1, 2, 3, 5, 6].map(of), [1, 0, 2, 0, 1, 0]);
    }
}
