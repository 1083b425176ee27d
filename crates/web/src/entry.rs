//! An organisation as the register has it on a day: its state, its place, its last grade and return, and what the records
//! say should be looked at.

use std::collections::BTreeMap;

use hoptac_model::date::year_end;
use hoptac_model::ids::UnitId;
use hoptac_model::law::Law;
use hoptac_model::organisation::{Organisation, Status};
use hoptac_model::pack::Pack;
use hoptac_model::register::{AnnualReturn, GradeDecision, Register, SeatDecision, State};
use hoptac_model::unit::{Places, Unit};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::app::Published;
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
    /// What should be looked at on the day.
    pub(crate) attention: Attentions,
}

/// Everything that should be looked at, each kind at most once; of a year's return only one thing can be said.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attentions([Option<Attention>; 4]);

impl Attentions {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Attention> {
        self.0.into_iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.iter().count()
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Where the records of an entry stand in a published register, and what its records say.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    state: usize,
    seat: Option<UnitId>,
    grade: Option<usize>,
    returned: Option<usize>,
    attention: Attentions,
}

/// The entries of a register on a day, one for each organisation; none for who had not been founded.
#[derive(Debug)]
pub(crate) struct Entries(Vec<Option<Kept>>);

impl Entries {
    /// Works out the entries of a published state.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let (register, places) = (&published.register, &published.places);
        let count = u32::try_from(register.organisations.len()).unwrap_or(u32::MAX);
        let kept = (0..count).map(|index| {
            let entry = find(register, places, published.law(), *days, index)?;
            Some(Kept {
                state: place_of(&register.states, index, |one| one.organisation, entry.state)?,
                seat: entry.seat.map(|unit| unit.id.clone()),
                grade: entry.grade.and_then(|grade| {
                    place_of(&register.grades, index, |one| one.organisation, grade)
                }),
                returned: entry.returned.and_then(|one| {
                    place_of(&register.returns, index, |one| one.organisation, one)
                }),
                attention: entry.attention,
            })
        });
        Self(kept.collect())
    }

    /// The entry at an index of the register that these were worked out from.
    fn get<'a>(&self, published: &'a Published, index: u32) -> Option<Entry<'a>> {
        let register = &published.register;
        let kept = self.0.get(usize::try_from(index).ok()?)?.as_ref()?;
        Some(Entry {
            index,
            organisation: register.organisation(index)?,
            state: register.states.get(kept.state)?,
            seat: kept.seat.as_ref().and_then(|id| published.places.get(id)),
            grade: kept.grade.and_then(|at| register.grades.get(at)),
            returned: kept.returned.and_then(|at| register.returns.get(at)),
            attention: kept.attention,
        })
    }
}

/// Where a record of an organisation stands in the list that it is borrowed from, which is sorted by organisation.
fn place_of<T>(list: &[T], index: u32, of: impl Fn(&T) -> u32, record: &T) -> Option<usize> {
    let first = list.partition_point(|one| of(one) < index);
    list.iter().skip(first).position(|one| std::ptr::eq(one, record)).map(|at| first + at)
}

/// How many returns were owed for a year, came in time and came late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Came {
    pub(crate) owed: usize,
    pub(crate) in_time: usize,
    pub(crate) late: usize,
}

/// The returns of the last years by the commune in which their organisations have their seat.
#[derive(Debug)]
pub(crate) struct Completeness(BTreeMap<(i16, UnitId), Came>);

impl Completeness {
    /// Counts the returns of a published state, five years back from the last that was due.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let register = &published.register;
        let mut counts: BTreeMap<(i16, UnitId), Came> = BTreeMap::new();
        for year in years(published, *days) {
            // Who had ended by the end of the year owes nothing for it.
            let then = Days { as_of: year_end(year), ..*days };
            for entry in all(published, *days) {
                let Some(seat) = entry.seat else { continue };
                let stood = own(&register.states, entry.index, |state| state.organisation);
                let stood = stood.iter().rfind(|state| state.from <= then.as_of);
                let owes = entry.organisation.founded_on <= year_end(year - 1)
                    && stood.is_some_and(|state| state.status != Status::Terminated);
                if !owes {
                    continue;
                }
                let came = counts.entry((year, seat.id.clone())).or_default();
                came.owed += 1;
                let returns = own(&register.returns, entry.index, |one| one.organisation);
                match returns.iter().rfind(|one| one.year == year && one.on <= days.as_of) {
                    Some(one) if one.late => came.late += 1,
                    Some(_) => came.in_time += 1,
                    None => {}
                }
            }
        }
        Self(counts)
    }

    /// What came of a year from a unit and what lies below it.
    fn below(&self, places: &Places, unit: &UnitId, year: i16) -> Came {
        let own = self.0.iter().filter(|((of, commune), _)| {
            *of == year && places.ancestry(commune).iter().any(|above| above.id == *unit)
        });
        own.fold(Came::default(), |sum, (_, came)| Came {
            owed: sum.owed + came.owed,
            in_time: sum.in_time + came.in_time,
            late: sum.late + came.late,
        })
    }
}

/// The years whose returns are counted, the last first.
fn years(published: &Published, days: Days) -> Vec<i16> {
    let (Some(last), Some(pack)) = (days.due_year, &published.pack) else { return Vec::new() };
    (pack.setting.year_first.max(last - 4)..=last).rev().collect()
}

/// What came of the last years' returns from a unit and what lies below it, the last year first.
pub(crate) fn completeness(published: &Published, days: Days, unit: &UnitId) -> Vec<(i16, Came)> {
    let shelf = &published.kept.completeness;
    let counts = shelf.read(days, |days| Completeness::of(published, days));
    let years = years(published, days).into_iter();
    years.map(|year| (year, counts.below(&published.places, unit, year))).collect()
}

/// All organisations that had been founded by the day, in the order of the register, as they are kept beside the state.
pub(crate) fn all(published: &Published, days: Days) -> Vec<Entry<'_>> {
    let entries = published.kept.entries.read(days, |days| Entries::of(published, days));
    let count = u32::try_from(published.register.organisations.len()).unwrap_or(u32::MAX);
    (0..count).filter_map(|index| entries.get(published, index)).collect()
}

/// The organisation at an index of a published register, where it had been founded by the day.
pub(crate) fn kept(published: &Published, days: Days, index: u32) -> Option<Entry<'_>> {
    published.kept.entries.read(days, |days| Entries::of(published, days)).get(published, index)
}

/// The organisation at an index of whatever register, where it had been founded by the day.
pub(crate) fn find<'a>(
    register: &'a Register,
    places: &'a Places,
    law: &Law,
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
    let mut entry = Entry {
        index,
        organisation,
        state,
        seat,
        grade,
        returned,
        attention: Attentions::default(),
    };
    entry.attention = attention(&entry, register, law, days);
    Some(entry)
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
}

/// What should be looked at on the day.
fn attention(entry: &Entry<'_>, register: &Register, law: &Law, days: Days) -> Attentions {
    if !entry.exists() {
        return Attentions::default();
    }
    let state = entry.state;
    let least = law.members_min(state.kind, days.as_of);
    let few = state.members.zip(least).filter(|(members, least)| members < least);
    let suspended =
        state.status == Status::Suspended && state.from.saturating_add(12.months()) < days.as_of;
    let returned = days.due_year.and_then(|year| match entry.returned {
        // Who was founded within the year owes its first return for the next.
        None if entry.organisation.founded_on <= year_end(year - 1) => {
            Some(Attention::NoReturn { year })
        }
        Some(returned) if register.return_value(returned, "general_meeting_held") == Some(0) => {
            Some(Attention::NoMeeting { year })
        }
        None | Some(_) => None,
    });
    Attentions([
        few.map(|(members, least)| Attention::FewMembers { members, least }),
        suspended.then_some(Attention::LongSuspended { since: state.from }),
        returned,
        entry.seat.is_none().then_some(Attention::NoSeat),
    ])
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
