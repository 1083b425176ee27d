//! Rolls of members over time, in columns. A nation has eight million memberships, and a record of each would be a third of all
//! that a server holds in memory; as columns they take thirteen bytes each and are walked as much quicker.
//!
//! They lie by organisation, a few hundred organisations to a block. Copies of rolls share their blocks, so that a filing about
//! the members of one organisation copies one block and none of the others.

use std::ops::Range;

use jiff::civil::Date;

use crate::date;
use crate::member::{MemberClass, MemberKind};
use crate::packed;
use crate::records::{Starts, block_of, organisation_at};
use crate::shared::Shared;
use crate::whole::Wholes;

/// A member as it stood on a roll from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollSpan {
    /// Index of the organisation.
    pub organisation: u32,
    /// A number for who it is: the same for everybody with the same pseudonym, and one of its own for whoever has none.
    /// Numbers are small: there are about as many as the greatest of them says.
    pub person: u32,
    /// What it is.
    pub kind: MemberKind,
    /// Its class.
    pub class: MemberClass,
    /// Its share, đồng.
    pub capital: i64,
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds; none while it does.
    pub until: Option<Date>,
}

/// The same in numbers, as rolls hold it and tables write it: whoever reads millions asks no calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanNumbers {
    /// The number for who it is.
    pub person: u32,
    /// What it is.
    pub kind: MemberKind,
    /// Its class.
    pub class: MemberClass,
    /// Its share, đồng.
    pub capital: i64,
    /// The first day, as [`date::number`].
    pub from: i32,
    /// The first day on which it no longer holds; [`Rolls::OPEN`] while it does.
    pub until: i32,
}

impl SpanNumbers {
    /// The span of an organisation.
    pub fn of(self, organisation: u32) -> RollSpan {
        let Self { person, kind, class, capital, from, until } = self;
        RollSpan {
            organisation,
            person,
            kind,
            class,
            capital,
            from: date::of_number(from),
            until: (until != Rolls::OPEN).then(|| date::of_number(until)),
        }
    }
}

impl RollSpan {
    /// Its numbers.
    pub fn numbers(&self) -> SpanNumbers {
        SpanNumbers {
            person: self.person,
            kind: self.kind,
            class: self.class,
            capital: self.capital,
            from: date::number(self.from),
            until: self.until.map_or(Rolls::OPEN, date::number),
        }
    }
}

/// What stood on the rolls of all organisations from when to when, by organisation. What is of one organisation stands in the
/// order in which it was put there.
///
/// ```
/// use hoptac_model::member::{MemberClass, MemberKind};
/// use hoptac_model::roll::{RollSpan, Rolls};
/// use jiff::civil::date;
/// let span = RollSpan {
///     organisation: 7,
///     person: 3,
///     kind: MemberKind::Person,
///     class: MemberClass::Official,
///     capital: 2_000_000,
///     from: date(2024, 2, 29),
///     until: None,
/// };
/// let mut rolls = Rolls::default();
/// rolls.push(span);
/// rolls.push(RollSpan { organisation: 2, ..span });
/// assert_eq!(rolls.of(7).iter().collect::<Vec<_>>(), [span]);
/// assert_eq!(rolls.iter().map(|span| span.organisation).collect::<Vec<_>>(), [2, 7]);
/// assert!(rolls.of(3).is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rolls(Shared<Vec<Shared<Block>>>);

packed!(Rolls(Shared<Vec<Shared<Block>>>));

/// The rolls of a few organisations that stand one behind the other.
#[derive(Clone, Debug)]
struct Block {
    starts: Starts,
    persons: Vec<u32>,
    /// Kind and class.
    roles: Vec<u8>,
    capitals: Wholes,
    /// First days, as [`date::number`].
    from: Wholes,
    /// Days from which it no longer holds.
    until: Wholes,
}

packed!(Block { starts, persons, roles, capitals, from, until });

impl Default for Block {
    fn default() -> Self {
        // Days of which nearly all take two bytes begin with two, so that they are walked in one way.
        let days = || Wholes::Short(Vec::new());
        Self {
            starts: Starts::default(),
            persons: Vec::new(),
            roles: Vec::new(),
            capitals: Wholes::default(),
            from: days(),
            until: days(),
        }
    }
}

impl Rolls {
    /// Stands where a membership has not ended, as the number of a day behind all others.
    pub const OPEN: i32 = i32::MAX;

    /// The roll of an organisation, empty where it has none.
    pub fn of(&self, organisation: u32) -> Roll<'_> {
        let (block, place) = block_of(organisation);
        let block = self.0.get(block).map(|block| &**block);
        let range = block.map_or(0..0, |block| block.starts.range(place));
        Roll { organisation, block, start: range.start, end: range.end }
    }

    /// All of them, by organisation.
    pub fn iter(&self) -> impl Iterator<Item = RollSpan> {
        self.organisations().flat_map(|organisation| self.of(organisation).iter())
    }

    /// The organisations up to the last one that has a roll.
    pub fn organisations(&self) -> impl Iterator<Item = u32> + use<> {
        let rest = self.0.last().map_or(0, |block| block.starts.len());
        0..organisation_at(self.0.len().saturating_sub(1), rest)
    }

    /// How many spans there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|block| block.persons.len()).sum()
    }

    /// Whether nobody is on any roll.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One more than the greatest number that stands for somebody.
    pub fn persons(&self) -> usize {
        let greatest = self.0.iter().filter_map(|block| block.persons.iter().max()).max();
        greatest.map_or(0, |greatest| wide(*greatest) + 1)
    }

    /// Whether both are one in memory and not only equal.
    pub fn is_one_with(&self, other: &Self) -> bool {
        self.0.is_one_with(&other.0)
    }

    /// Whether both say the same of an organisation.
    pub fn agree_on(&self, other: &Self, organisation: u32) -> bool {
        let (at, _) = block_of(organisation);
        match (self.0.get(at), other.0.get(at)) {
            (Some(one), Some(other)) if one.is_one_with(other) => true,
            _ => self.of(organisation).iter().eq(other.of(organisation).iter()),
        }
    }

    /// Puts a span behind those of its organisation. Quick where rolls come by organisation.
    pub fn push(&mut self, span: RollSpan) {
        let (block, place) = block_of(span.organisation);
        if let Some(block) = self.block(block) {
            let end = block.starts.reach(place, block.persons.len()).end;
            block.splice(place, end..end, &[span]);
        }
    }

    /// Puts spans in the place of those that an organisation has. Whose they are said to be does not matter.
    pub fn put(&mut self, organisation: u32, spans: impl IntoIterator<Item = RollSpan>) {
        let spans: Vec<RollSpan> =
            spans.into_iter().map(|span| RollSpan { organisation, ..span }).collect();
        if self.of(organisation).iter().eq(spans.iter().copied()) {
            return;
        }
        let (block, place) = block_of(organisation);
        if let Some(block) = self.block(block) {
            let range = block.starts.reach(place, block.persons.len());
            block.splice(place, range, &spans);
        }
    }

    /// Puts spans behind those that an organisation has.
    pub fn append(&mut self, organisation: u32, spans: &[SpanNumbers]) {
        let (block, place) = block_of(organisation);
        let Some(block) = self.block(block) else { return };
        let end = block.starts.reach(place, block.persons.len()).end;
        if end == block.persons.len() {
            block.starts.resize(place, 0, spans.len());
            for span in spans {
                block.append(span);
            }
        } else {
            // Others lie behind.
            let spans: Vec<RollSpan> = spans.iter().map(|span| span.of(organisation)).collect();
            block.splice(place, end..end, &spans);
        }
    }

    /// Takes over the rolls that others have, in the place of those that there are of the same organisations.
    pub fn take_over(&mut self, other: Self) {
        let others = other.0.into_inner();
        if self.0.len() < others.len() {
            self.0.resize(others.len(), Shared::default());
        }
        for (at, block) in others.into_iter().enumerate() {
            if let Some(own) = self.0.get_mut(at).filter(|own| own.persons.is_empty()) {
                *own = block;
                continue;
            }
            for place in 0..block.starts.len() {
                let organisation = organisation_at(at, place);
                let spans = block.starts.range(place).map(|at| block.span(organisation, at));
                let spans: Vec<RollSpan> = spans.collect();
                if !spans.is_empty() {
                    self.put(organisation, spans);
                }
            }
        }
    }

    /// The block at a place, its own and not shared.
    fn block(&mut self, at: usize) -> Option<&mut Block> {
        if self.0.len() <= at {
            // Rolls mostly come by organisation, so that the block before is whole.
            if let Some(last) = self.0.last_mut() {
                last.shrink();
            }
            // Where nobody has a roll, all share an empty one.
            self.0.resize(at + 1, Shared::default());
        }
        self.0.get_mut(at).map(|block| &mut **block)
    }
}

impl PartialEq for Rolls {
    fn eq(&self, other: &Self) -> bool {
        self.is_one_with(other) || self.iter().eq(other.iter())
    }
}

impl Extend<RollSpan> for Rolls {
    fn extend<I: IntoIterator<Item = RollSpan>>(&mut self, spans: I) {
        spans.into_iter().for_each(|span| self.push(span));
    }
}

impl FromIterator<RollSpan> for Rolls {
    fn from_iter<I: IntoIterator<Item = RollSpan>>(spans: I) -> Self {
        let mut rolls = Self::default();
        rolls.extend(spans);
        rolls.shrink();
        rolls
    }
}

impl Rolls {
    /// Gives back the room that nothing stands in.
    pub fn shrink(&mut self) {
        // What nobody has a roll in is shared, and stays so.
        for block in self.0.iter_mut().filter(|block| !block.persons.is_empty()) {
            block.shrink();
        }
    }
}

impl Block {
    fn splice(&mut self, place: usize, range: Range<usize>, spans: &[RollSpan]) {
        self.starts.resize(place, range.len(), spans.len());
        if range.start == self.persons.len() {
            for span in spans {
                self.append(&span.numbers());
            }
            return;
        }
        self.persons.splice(range.clone(), spans.iter().map(|span| span.person));
        self.roles.splice(range.clone(), spans.iter().map(|span| role(span.kind, span.class)));
        self.capitals.splice(range.clone(), spans.iter().map(|span| Some(span.capital)));
        let from = spans.iter().map(|span| Some(date::number(span.from).into()));
        self.from.splice(range.clone(), from);
        let until = spans.iter().map(|span| span.until.map(|until| date::number(until).into()));
        self.until.splice(range, until);
    }

    /// Puts a span behind all others. Rolls mostly come in the order in which they lie, and splicing takes four times as long.
    fn append(&mut self, span: &SpanNumbers) {
        self.persons.push(span.person);
        self.roles.push(role(span.kind, span.class));
        self.capitals.push(Some(span.capital));
        self.from.push(Some(span.from.into()));
        self.until.push((span.until != Rolls::OPEN).then_some(span.until.into()));
    }

    /// A span, by the place of its organisation and its own.
    fn span(&self, organisation: u32, at: usize) -> RollSpan {
        let (kind, class) = self.roles.get(at).map_or(of_role(0), |role| of_role(*role));
        let day = |column: &Wholes| column.get(at).and_then(|day| i32::try_from(day).ok());
        let span = SpanNumbers {
            person: self.persons.get(at).copied().unwrap_or(0),
            kind,
            class,
            capital: self.capitals.get(at).unwrap_or(0),
            from: day(&self.from).unwrap_or(Rolls::OPEN),
            until: day(&self.until).unwrap_or(Rolls::OPEN),
        };
        span.of(organisation)
    }

    fn shrink(&mut self) {
        self.starts.shrink();
        self.persons.shrink_to_fit();
        self.roles.shrink_to_fit();
        self.capitals.shrink_to_fit();
        self.from.shrink_to_fit();
        self.until.shrink_to_fit();
    }
}

/// The roll of one organisation.
#[derive(Clone, Copy, Debug)]
pub struct Roll<'a> {
    organisation: u32,
    block: Option<&'a Block>,
    start: usize,
    end: usize,
}

impl<'a> Roll<'a> {
    /// How many spans there are.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether nobody was ever on it.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// All of it.
    pub fn iter(self) -> impl Iterator<Item = RollSpan> + Clone + use<'a> {
        let at = self.start..self.end;
        at.filter_map(move |at| Some(self.block?.span(self.organisation, at)))
    }

    /// Those that stood on it on a day.
    pub fn on(self, day: Date) -> impl Iterator<Item = RollSpan> + Clone + use<'a> {
        let day = date::number(day);
        let at = self.start..self.end;
        at.filter_map(move |at| {
            let block = self.block?;
            let (from, until) = (block.from.get(at)?, block.until.get(at));
            let holds = from <= day.into() && until.is_none_or(|until| i64::from(day) < until);
            holds.then(|| block.span(self.organisation, at))
        })
    }

    /// Visits everybody's number with the numbers of the first day and of the day from which it no longer holds, which is
    /// [`Rolls::OPEN`] while it does.
    pub fn each(&self, mut visit: impl FnMut(u32, i32, i32)) {
        let Some(block) = self.block else { return };
        if let (Wholes::Short(from), Wholes::Short(until)) = (&block.from, &block.until) {
            let from = from.get(self.start..self.end).unwrap_or_default();
            let until = until.get(self.start..self.end).unwrap_or_default();
            for ((person, from), until) in self.persons().iter().zip(from).zip(until) {
                let until = if *until == i16::MIN { Rolls::OPEN } else { i32::from(*until) };
                visit(*person, i32::from(*from), until);
            }
            return;
        }
        self.spans().for_each(|(person, from, until)| visit(person, from, until));
    }

    /// Everybody's number with the numbers of both days, as [`Roll::each`] tells them.
    pub fn spans(self) -> impl Iterator<Item = (u32, i32, i32)> + use<'a> {
        let persons = self.persons().iter().enumerate();
        persons.map(move |(at, person)| {
            let (from, until) = self.days(at);
            (*person, from, until)
        })
    }

    /// Everybody's number.
    pub fn persons(&self) -> &'a [u32] {
        self.block.and_then(|block| block.persons.get(self.start..self.end)).unwrap_or_default()
    }

    /// The numbers of both days of a span, by its place on the roll.
    pub fn days(&self, at: usize) -> (i32, i32) {
        let day = |column: fn(&Block) -> &Wholes| {
            let day = self.block.and_then(|block| column(block).get(self.start + at));
            day.and_then(|day| i32::try_from(day).ok()).unwrap_or(Rolls::OPEN)
        };
        (day(|block| &block.from), day(|block| &block.until))
    }
}

/// A kind and a class in one small number.
fn role(kind: MemberKind, class: MemberClass) -> u8 {
    let kind = match kind {
        MemberKind::Person => 0,
        MemberKind::Household => 1,
        MemberKind::Organisation => 2,
    };
    let class = match class {
        MemberClass::Official => 0,
        MemberClass::CapitalAssociate => 1,
        MemberClass::Associate => 2,
    };
    kind + 3 * class
}

/// The kind and class of such a number.
fn of_role(role: u8) -> (MemberKind, MemberClass) {
    let kind = match role % 3 {
        0 => MemberKind::Person,
        1 => MemberKind::Household,
        _ => MemberKind::Organisation,
    };
    let class = match role / 3 {
        0 => MemberClass::Official,
        1 => MemberClass::CapitalAssociate,
        _ => MemberClass::Associate,
    };
    (kind, class)
}

/// A place in a list.
fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days() -> impl Strategy<Value = Date> {
        prop_oneof![
            8 => (1990..2030_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| Date::constant(y, m, d)),
            1 => Just(Date::constant(2024, 2, 29)),
            1 => (-9999..=9999_i16).prop_map(|year| Date::constant(year, 12, 31)),
        ]
    }

    prop_compose! {
        fn spans()(
            organisation in 0..700_u32,
            person in 0..9_u32,
            kind in prop::sample::select(MemberKind::ALL),
            class in prop::sample::select(MemberClass::ALL),
            capital in prop_oneof![0..100_i64, Just(7_000_000_000), Just(i64::MAX)],
            from in days(),
            until in prop::option::of(days()),
        ) -> RollSpan {
            RollSpan { organisation, person, kind, class, capital, from, until }
        }
    }

    proptest! {
        #[test]
        fn what_is_put_there_is_what_a_list_of_records_has(
            spans in prop::collection::vec(spans(), 0..60),
            turns in prop::collection::vec((0..700_u32, prop::collection::vec(spans(), 0..4)), 0..6),
            day in days(),
        ) {
            let mut list = spans.clone();
            list.sort_by_key(|span| span.organisation);
            let mut rolls: Rolls = spans.into_iter().collect();
            for (organisation, own) in turns {
                let before = rolls.clone();
                rolls.put(organisation, own.iter().copied());
                prop_assert_eq!(before.iter().collect::<Vec<_>>(), list.clone());
                let agree = before.agree_on(&rolls, organisation);
                prop_assert_eq!(agree, before == rolls);
                list.retain(|span| span.organisation != organisation);
                list.extend(own.iter().map(|span| RollSpan { organisation, ..*span }));
                list.sort_by_key(|span| span.organisation);
            }
            prop_assert_eq!(rolls.iter().collect::<Vec<_>>(), list.clone());
            prop_assert_eq!(rolls.len(), list.len());
            prop_assert_eq!(&rolls, &list.iter().copied().collect());
            let greatest = list.iter().map(|span| span.person as usize + 1).max();
            prop_assert_eq!(rolls.persons(), greatest.unwrap_or(0));
            let holds = |span: &RollSpan| span.from <= day && span.until.is_none_or(|u| day < u);
            for organisation in rolls.organisations() {
                let own = list.iter().filter(|span| span.organisation == organisation);
                let on: Vec<RollSpan> = own.clone().filter(|span| holds(span)).copied().collect();
                prop_assert_eq!(rolls.of(organisation).on(day).collect::<Vec<_>>(), on);
                let mut each = Vec::new();
                rolls.of(organisation).each(|person, from, until| each.push((person, from, until)));
                let number = |span: &RollSpan| {
                    (span.person, date::number(span.from), span.until.map_or(Rolls::OPEN, date::number))
                };
                prop_assert_eq!(each, own.map(number).collect::<Vec<_>>());
            }
        }
    }

    proptest! {
        #[test]
        fn rolls_that_two_have_read_come_together(
            spans in prop::collection::vec(spans(), 0..60),
            again in prop::collection::vec(spans(), 0..9),
            from in 0..700_u32,
        ) {
            let (last, first) = spans.into_iter().partition::<Vec<_>, _>(|s| s.organisation >= from);
            let mut list = first.clone();
            list.extend(last.iter().copied());
            list.retain(|span| again.iter().all(|other| other.organisation != span.organisation));
            list.extend(again.iter().copied());
            list.sort_by_key(|span| span.organisation);
            let mut rolls: Rolls = first.into_iter().collect();
            rolls.take_over(last.into_iter().collect());
            rolls.take_over(again.iter().copied().collect());
            rolls.shrink();
            prop_assert_eq!(rolls.iter().collect::<Vec<_>>(), list.clone());
            let mut numbered = Rolls::default();
            for span in again.iter().chain(&list) {
                numbered.append(span.organisation, &[span.numbers()]);
            }
            let pushed: Rolls = again.iter().chain(&list).copied().collect();
            prop_assert_eq!(numbered, pushed);
        }
    }

    #[test]
    fn who_files_about_one_organisation_copies_its_block_alone() {
        let span = |organisation| RollSpan {
            organisation,
            person: organisation,
            kind: MemberKind::Person,
            class: MemberClass::Official,
            capital: 0,
            from: Date::constant(2020, 1, 1),
            until: None,
        };
        let block = organisation_at(1, 0);
        let before: Rolls = [3, block, 2 * block].map(span).into_iter().collect();
        let mut after = before.clone();
        after.put(block, [span(block)]);
        assert!(after.is_one_with(&before));
        after.put(block, [span(block), span(9)]);
        let shared = |at: usize| after.0[at].is_one_with(&before.0[at]);
        assert_eq!([shared(0), shared(1), shared(2)], [true, false, true]);
    }

    #[test]
    fn days_are_numbered_in_their_order() {
        let days = [
            (-9999, 1, 1),
            (-1, 12, 31),
            (1999, 12, 31),
            (2000, 2, 29),
            (2000, 3, 1),
            (9999, 12, 31),
        ];
        let days = days.map(|(year, month, day)| Date::constant(year, month, day));
        assert!(days.map(date::number).is_sorted());
        assert_eq!(days.map(|day| date::of_number(date::number(day))), days);
        // No such day; the last one before it.
        assert_eq!(
            date::of_number(date::number(Date::constant(2023, 2, 28)) + 2),
            Date::constant(2023, 2, 28)
        );
    }
}
