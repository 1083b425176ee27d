//! An organisation as the register has it on a day: its state, its place, its last grade and return, and what the records
//! say should be looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_model::blocks::Blocks;
use hoptac_model::date::year_end;
use hoptac_model::ids::UnitId;
use hoptac_model::law::Law;
use hoptac_model::organisation::{Organisation, Status};
use hoptac_model::pack::Pack;
use hoptac_model::records::Records;
use hoptac_model::register::{AnnualReturn, GradeDecision, Register, State};
use hoptac_model::shared::Shared;
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    state: u32,
    /// The number of the seat's commune.
    seat: Option<u32>,
    grade: Option<u32>,
    returned: Option<u32>,
    attention: Attentions,
}

/// The entries of a register on a day, one for each organisation; none for who had not been founded.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// In blocks, which the entries after a filing share with those before.
    all: Blocks<Option<Kept>>,
    /// By the number of each unit, the organisations with their seat in it or in what lies below it, in the order of the
    /// register.
    within: Blocks<Arc<Vec<u32>>>,
}

impl Entries {
    /// Works out the entries of a published state.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let register = &published.register;
        let count = u32::try_from(register.organisations.len()).unwrap_or(u32::MAX);
        let within = published.places.all().map(|_| Arc::default()).collect();
        let mut entries = Self { all: Blocks::default(), within };
        for index in 0..count {
            entries.set(index, published, *days);
        }
        entries
    }

    /// The entries after filings about some organisations, from those before.
    pub(crate) fn after(&self, published: &Published, days: &Days, changed: &[u32]) -> Self {
        let mut entries = self.clone();
        for index in changed {
            entries.set(*index, published, *days);
        }
        entries
    }

    /// Works out the entry of one organisation, the next behind all others or one that is there.
    fn set(&mut self, index: u32, published: &Published, days: Days) {
        let kept = Kept::of(published, days, index);
        let Ok(at) = usize::try_from(index) else { return };
        let seat = |kept: &Option<Kept>| kept.as_ref().and_then(|kept| kept.seat);
        let (before, after) = (self.all.get(at).and_then(seat), seat(&kept));
        self.all.put(at, kept);
        if before == after {
            return;
        }
        for number in line(&published.places, before) {
            if let Some(own) = self.within.get_mut(number) {
                Arc::make_mut(own).retain(|one| *one != index);
            }
        }
        for number in line(&published.places, after) {
            if let Some(own) = self.within.get_mut(number) {
                let own = Arc::make_mut(own);
                own.insert(own.partition_point(|one| *one < index), index);
            }
        }
    }

    /// The organisations with their seat in a unit or in what lies below it, in the order of the register.
    pub(crate) fn within(&self, places: &Places, unit: &UnitId) -> &[u32] {
        let number = places.number(unit).and_then(|number| usize::try_from(number).ok());
        number.and_then(|number| self.within.get(number)).map_or(&[], |own| own.as_slice())
    }

    /// The commune of the seat of an organisation, where it had been founded by the day.
    pub(crate) fn seat<'p>(&self, places: &'p Places, index: u32) -> Option<&'p Unit> {
        let kept = self.all.get(usize::try_from(index).ok()?)?.as_ref()?;
        places.at(kept.seat?)
    }

    /// The entry at an index of the register that these were worked out from.
    pub(crate) fn get<'a>(&self, published: &'a Published, index: u32) -> Option<Entry<'a>> {
        let register = &published.register;
        let kept = self.all.get(usize::try_from(index).ok()?)?.as_ref()?;
        Some(Entry {
            index,
            organisation: register.organisation(index)?,
            state: at(&register.states, index, kept.state)?,
            seat: kept.seat.and_then(|number| published.places.at(number)),
            grade: kept.grade.and_then(|one| at(&register.grades, index, one)),
            returned: kept.returned.and_then(|one| at(&register.returns, index, one)),
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
            state: place_of(&register.states, index, entry.state)?,
            seat: entry.seat.and_then(|unit| published.places.number(&unit.id)),
            grade: entry.grade.and_then(|one| place_of(&register.grades, index, one)),
            returned: entry.returned.and_then(|one| place_of(&register.returns, index, one)),
            attention: entry.attention,
        })
    }
}

/// The places in the list of places of a unit and of all that it lies in.
fn line(places: &Places, unit: Option<u32>) -> impl Iterator<Item = usize> {
    let line = std::iter::successors(unit, |number| places.above(*number));
    // A loop in filed parents would otherwise never end.
    line.take(8).filter_map(|number| usize::try_from(number).ok())
}

/// Where a record of an organisation stands among its own in those that it is borrowed from.
fn place_of<T>(records: &Records<T>, index: u32, record: &T) -> Option<u32> {
    let at = records.of(index).iter().position(|one| std::ptr::eq(one, record))?;
    u32::try_from(at).ok()
}

/// The record of an organisation at a place among its own.
fn at<T>(records: &Records<T>, index: u32, place: u32) -> Option<&T> {
    records.of(index).get(usize::try_from(place).ok()?)
}

/// How many returns were owed for a year, came in time and came late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Came {
    pub(crate) owed: usize,
    pub(crate) in_time: usize,
    pub(crate) late: usize,
}

/// The returns of the last years by the commune in which their organisations have their seat. Copies share them until they
/// change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Completeness(Shared<BTreeMap<UnitId, BTreeMap<i16, Came>>>);

impl Completeness {
    /// Counts the returns of a published state, five years back from the last that was due.
    pub(crate) fn of(published: &Published, days: &Days) -> Self {
        let mut counts = Self::default();
        let years = years(published, *days);
        for entry in all(published, *days) {
            counts.count(came(published, *days, &years, &entry), |count, one| *count += one);
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
            let of = |state| came(state, *days, &years, &kept(state, *days, *index)?);
            let (gone, here) = (of(before), of(after));
            if gone != here {
                counts.count(gone, |count, one| *count -= one);
                counts.count(here, |count, one| *count += one);
            }
        }
        counts
    }

    /// Counts what came from one organisation, or no longer counts it.
    fn count(
        &mut self,
        came: Option<(&UnitId, Vec<(i16, Came)>)>,
        mut count: impl FnMut(&mut usize, usize),
    ) {
        let Some((seat, came)) = came else { return };
        let mut of_seat = self.0.remove(seat).unwrap_or_default();
        for (year, one) in came {
            let all = of_seat.entry(year).or_default();
            count(&mut all.owed, one.owed);
            count(&mut all.in_time, one.in_time);
            count(&mut all.late, one.late);
        }
        of_seat.retain(|_, all| *all != Came::default());
        if !of_seat.is_empty() {
            self.0.insert(seat.clone(), of_seat);
        }
    }

    /// What came from a unit and what lies below it, by year.
    fn below(&self, places: &Places, unit: &UnitId) -> BTreeMap<i16, Came> {
        let mut sums: BTreeMap<i16, Came> = BTreeMap::new();
        let is_below =
            |commune: &UnitId| places.ancestry(commune).iter().any(|above| above.id == *unit);
        for (_, of_seat) in self.0.iter().filter(|(commune, _)| is_below(commune)) {
            for (year, came) in of_seat {
                let sum = sums.entry(*year).or_default();
                sum.owed += came.owed;
                sum.in_time += came.in_time;
                sum.late += came.late;
            }
        }
        sums
    }
}

/// What came from one organisation, by year, and the commune of its seat; none where nobody can say where that is. It owes nothing
/// for a year by whose end it had ended.
fn came<'p>(
    published: &Published,
    days: Days,
    years: &[i16],
    entry: &Entry<'p>,
) -> Option<(&'p UnitId, Vec<(i16, Came)>)> {
    let returns = published.register.returns.of(entry.index);
    let seat = entry.seat?;
    let of_year = |year: &i16| {
        let stood = published.register.state_on(entry.index, year_end(*year));
        let owes = entry.organisation.founded_on <= year_end(year - 1)
            && stood.is_some_and(|state| state.status != Status::Terminated);
        let own = returns.iter().rfind(|one| one.year == *year && one.on <= days.as_of);
        let (in_time, late) = match own {
            Some(one) if one.late => (0, 1),
            Some(_) => (1, 0),
            None => (0, 0),
        };
        owes.then_some((*year, Came { owed: 1, in_time, late }))
    };
    Some((&seat.id, years.iter().filter_map(of_year).collect()))
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
    let below = counts.below(&published.places, unit);
    years.map(|year| (year, below.get(&year).copied().unwrap_or_default())).collect()
}

/// All organisations that had been founded by the day, in the order of the register, as they are kept beside the state.
pub(crate) fn all(published: &Published, days: Days) -> Vec<Entry<'_>> {
    let entries = entries(published, days);
    let count = u32::try_from(published.register.organisations.len()).unwrap_or(u32::MAX);
    (0..count).filter_map(|index| entries.get(published, index)).collect()
}

/// The entries that are kept beside a published state.
pub(crate) fn entries(published: &Published, days: Days) -> Arc<Entries> {
    published.kept.entries.read(days, |days| Entries::of(published, days))
}

/// The organisation at an index of a published register, where it had been founded by the day.
pub(crate) fn kept(published: &Published, days: Days, index: u32) -> Option<Entry<'_>> {
    entries(published, days).get(published, index)
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
    let state = register.state_on(index, days.as_of)?;
    let decided = register.seat_decisions.of(index);
    let seat =
        places.placing(&state.seat, state.seat_former.as_ref(), decided, days.geography).unit();
    let grade = register
        .grades
        .of(index)
        .iter()
        .filter(|grade| grade.on <= days.as_of)
        .max_by_key(|grade| (grade.year, grade.on));
    let returned = register
        .returns
        .of(index)
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
