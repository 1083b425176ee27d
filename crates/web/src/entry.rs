//! An organisation as the register has it on a day: its state, its place, its last grade and return, and what the records
//! say should be looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Where the records of an entry stand among those of its organisation, and what its records say.
#[derive(Clone, Debug)]
struct Kept {
    state: u32,
    seat: Option<UnitId>,
    grade: Option<u32>,
    returned: Option<u32>,
    attention: Attentions,
}

/// Where the records of each organisation begin in a list that is sorted by organisation; the end stands last.
#[derive(Clone, Debug)]
struct Starts(Vec<usize>);

impl Starts {
    fn of<T>(list: &[T], count: u32, of: impl Fn(&T) -> u32) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        for index in 0..count {
            starts.push(at);
            at += list.iter().skip(at).take_while(|one| of(one) == index).count();
        }
        starts.push(at);
        Self(starts)
    }

    /// Takes in how many records an organisation has now; one that was not there stands behind all others.
    fn follow<T>(&mut self, list: &[T], index: u32, of: impl Fn(&T) -> u32) {
        let Ok(at) = usize::try_from(index) else { return };
        if at + 1 >= self.0.len() {
            self.0.extend(self.0.last().copied());
        }
        let Some([start, end]) = self.0.get(at..at + 2) else { return };
        let (before, now) = (end - start, own(list, index, of).len());
        if now != before {
            for later in self.0.iter_mut().skip(at + 1) {
                *later = *later - before + now;
            }
        }
    }

    /// The record of an organisation at a place among its own.
    fn find<'l, T>(&self, list: &'l [T], index: usize, at: u32) -> Option<&'l T> {
        list.get(self.0.get(index)? + usize::try_from(at).ok()?)
    }
}

/// The entries of a register on a day, one for each organisation; none for who had not been founded.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// In blocks, which the entries after a filing share with those before.
    blocks: Vec<Arc<Vec<Option<Kept>>>>,
    states: Starts,
    grades: Starts,
    returns: Starts,
    /// The organisations with their seat in a unit or in what lies below it, in the order of the register.
    within: BTreeMap<UnitId, Arc<Vec<u32>>>,
}

impl Entries {
    const BLOCK: usize = 256;

    /// Works out the entries of a published state.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let register = &published.register;
        let count = u32::try_from(register.organisations.len()).unwrap_or(u32::MAX);
        let mut entries = Self {
            blocks: Vec::new(),
            states: Starts::of(&register.states, count, |one| one.organisation),
            grades: Starts::of(&register.grades, count, |one| one.organisation),
            returns: Starts::of(&register.returns, count, |one| one.organisation),
            within: BTreeMap::new(),
        };
        for index in 0..count {
            entries.set(index, published, *days);
        }
        entries
    }

    /// The entries after filings about some organisations, from those before.
    pub(crate) fn after(&self, published: &Published, days: &Days, changed: &[u32]) -> Self {
        let register = &published.register;
        let mut entries = self.clone();
        for index in changed {
            entries.states.follow(&register.states, *index, |one| one.organisation);
            entries.grades.follow(&register.grades, *index, |one| one.organisation);
            entries.returns.follow(&register.returns, *index, |one| one.organisation);
            entries.set(*index, published, *days);
        }
        entries
    }

    /// Works out the entry of one organisation, the next behind all others or one that is there.
    fn set(&mut self, index: u32, published: &Published, days: Days) {
        let kept = Kept::of(published, days, index);
        let Ok(at) = usize::try_from(index) else { return };
        if self.blocks.len() <= at / Self::BLOCK {
            self.blocks.push(Arc::default());
        }
        let Some(block) = self.blocks.get_mut(at / Self::BLOCK).map(Arc::make_mut) else { return };
        let after = kept.as_ref().and_then(|kept| kept.seat.clone());
        let mut before = None;
        if let Some(place) = block.get_mut(at % Self::BLOCK) {
            before = std::mem::replace(place, kept).and_then(|kept| kept.seat);
        } else {
            block.push(kept);
        }
        if before == after {
            return;
        }
        let places = &published.places;
        for unit in before.iter().flat_map(|seat| places.ancestry(seat)) {
            if let Some(own) = self.within.get_mut(&unit.id) {
                Arc::make_mut(own).retain(|one| *one != index);
            }
        }
        for unit in after.iter().flat_map(|seat| places.ancestry(seat)) {
            let own = Arc::make_mut(self.within.entry(unit.id.clone()).or_default());
            own.insert(own.partition_point(|one| *one < index), index);
        }
    }

    /// The entry at an index of the register that these were worked out from.
    fn get<'a>(&self, published: &'a Published, index: u32) -> Option<Entry<'a>> {
        let register = &published.register;
        let at = usize::try_from(index).ok()?;
        let kept = self.blocks.get(at / Self::BLOCK)?.get(at % Self::BLOCK)?.as_ref()?;
        Some(Entry {
            index,
            organisation: register.organisation(index)?,
            state: self.states.find(&register.states, at, kept.state)?,
            seat: kept.seat.as_ref().and_then(|id| published.places.get(id)),
            grade: kept.grade.and_then(|one| self.grades.find(&register.grades, at, one)),
            returned: kept.returned.and_then(|one| self.returns.find(&register.returns, at, one)),
            attention: kept.attention,
        })
    }
}

impl Kept {
    /// What the register says of an organisation on a day; none where it had not been founded.
    fn of(published: &Published, days: Days, index: u32) -> Option<Self> {
        let register = &published.register;
        let entry = find(register, &published.places, published.law(), days, index)?;
        Some(Self {
            state: place_of(&register.states, index, |one| one.organisation, entry.state)?,
            seat: entry.seat.map(|unit| unit.id.clone()),
            grade: entry
                .grade
                .and_then(|one| place_of(&register.grades, index, |one| one.organisation, one)),
            returned: entry
                .returned
                .and_then(|one| place_of(&register.returns, index, |one| one.organisation, one)),
            attention: entry.attention,
        })
    }
}

/// Where a record of an organisation stands among its own in the list that it is borrowed from.
fn place_of<T>(list: &[T], index: u32, of: impl Fn(&T) -> u32, record: &T) -> Option<u32> {
    let at = own(list, index, of).iter().position(|one| std::ptr::eq(one, record))?;
    u32::try_from(at).ok()
}

/// How many returns were owed for a year, came in time and came late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Came {
    pub(crate) owed: usize,
    pub(crate) in_time: usize,
    pub(crate) late: usize,
}

/// The returns of the last years by the commune in which their organisations have their seat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completeness(BTreeMap<(i16, UnitId), Came>);

impl Completeness {
    /// Counts the returns of a published state, five years back from the last that was due.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let mut counts = Self::default();
        let years = years(published, *days);
        for entry in all(published, *days) {
            counts.count(published, *days, &years, &entry, |count, one| *count += one);
        }
        counts
    }

    /// The counts after filings about some organisations, from those before.
    pub(crate) fn after(
        &self,
        (before, after): (&Published, &Published),
        days: &Days,
        changed: &[u32],
    ) -> Self {
        let mut counts = self.clone();
        let years = years(after, *days);
        for index in changed {
            if let Some(entry) = kept(before, *days, *index) {
                counts.count(before, *days, &years, &entry, |count, one| *count -= one);
            }
            if let Some(entry) = kept(after, *days, *index) {
                counts.count(after, *days, &years, &entry, |count, one| *count += one);
            }
        }
        counts.0.retain(|_, came| *came != Came::default());
        counts
    }

    /// Counts what came from one organisation.
    fn count(
        &mut self,
        published: &Published,
        days: Days,
        years: &[i16],
        entry: &Entry<'_>,
        mut count: impl FnMut(&mut usize, usize),
    ) {
        let register = &published.register;
        let Some(seat) = entry.seat else { return };
        let states = own(&register.states, entry.index, |state| state.organisation);
        let returns = own(&register.returns, entry.index, |one| one.organisation);
        for year in years {
            // Who had ended by the end of the year owes nothing for it.
            let stood = states.iter().rfind(|state| state.from <= year_end(*year));
            let owes = entry.organisation.founded_on <= year_end(year - 1)
                && stood.is_some_and(|state| state.status != Status::Terminated);
            if !owes {
                continue;
            }
            let came = self.0.entry((*year, seat.id.clone())).or_default();
            count(&mut came.owed, 1);
            match returns.iter().rfind(|one| one.year == *year && one.on <= days.as_of) {
                Some(one) if one.late => count(&mut came.late, 1),
                Some(_) => count(&mut came.in_time, 1),
                None => {}
            }
        }
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

/// Those of them that have their seat in a unit or below it.
pub(crate) fn within<'a>(published: &'a Published, days: Days, unit: &UnitId) -> Vec<Entry<'a>> {
    let entries = published.kept.entries.read(days, |days| Entries::of(published, days));
    let within = entries.within.get(unit).map_or(&[][..], |own| own.as_slice());
    within.iter().filter_map(|index| entries.get(published, *index)).collect()
}

/// The organisation at an index of a published register, where it had been founded by the day.
pub(crate) fn kept(published: &Published, days: Days, index: u32) -> Option<Entry<'_>> {
    published.kept.entries.read(days, |days| Entries::of(published, days)).get(published, index)
}

/// The same for one organisation alone: those of all are not worked out where nobody did yet.
pub(crate) fn one(published: &Published, days: Days, index: u32) -> Option<Entry<'_>> {
    match published.kept.entries.find(&days) {
        Some(entries) => entries.get(published, index),
        None => find(&published.register, &published.places, published.law(), days, index),
    }
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
