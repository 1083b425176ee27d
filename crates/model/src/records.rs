//! Records of the register by organisation, in blocks that copies share.
//!
//! A filing changes the records of one organisation. Were those of a nation one list, whoever files would copy a million contracts
//! to change one; so they lie a few hundred organisations to a block, and a filing copies its block and none of the others.

use std::ops::Range;

use crate::packed::{Input, Output, Packed, shape_of_part};
use crate::shared::Shared;

/// How many organisations a block has.
const BLOCK: u32 = 256;

/// What the register has under an organisation.
pub trait Record: Clone + PartialEq {
    /// Index of the organisation.
    fn organisation(&self) -> u32;

    /// Puts it under an organisation.
    fn stand_under(&mut self, organisation: u32);
}

/// Records of all organisations, by organisation. What is of one stands in the order in which it was put there.
///
/// ```
/// use hoptac_model::records::Records;
/// use hoptac_model::register::Promotion;
/// use jiff::civil::date;
/// let attended = |organisation, year| Promotion { organisation, on: date(year, 5, 15) };
/// let mut all: Records<Promotion> = [attended(7, 2023), attended(2, 2024)].into_iter().collect();
/// assert_eq!(all.of(7), [attended(7, 2023)]);
/// assert!(all.of(3).is_empty());
/// let before = all.clone();
/// all.put(7, vec![attended(7, 2025), attended(7, 2026)]);
/// assert_eq!(all.iter().map(|one| one.on.year()).collect::<Vec<_>>(), [2024, 2025, 2026]);
/// assert_eq!(before.len(), 2);
/// ```
#[derive(Debug)]
pub struct Records<T>(Shared<Vec<Shared<Block<T>>>>);

/// The records of organisations that stand one behind the other.
#[derive(Clone, Debug)]
struct Block<T> {
    starts: Starts,
    records: Vec<T>,
}

/// Where what is of each organisation of a block begins, up to the last one that has any; one more at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts(Vec<u32>);

crate::packed!(Starts(Vec<u32>));

impl Starts {
    /// How many organisations have a place here.
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// Where that of an organisation stands, by its place in the block.
    pub(crate) fn range(&self, place: usize) -> Range<usize> {
        match self.0.get(place..) {
            Some([start, end, ..]) => wide(*start)..wide(*end),
            _ => 0..0,
        }
    }

    /// The same, once it has a place here. `count` says how much stands in the block.
    pub(crate) fn reach(&mut self, place: usize, count: usize) -> Range<usize> {
        if self.0.len() < place + 2 {
            self.0.resize(place + 2, u32::try_from(count).unwrap_or(u32::MAX));
        }
        self.range(place)
    }

    /// Takes in that an organisation has so much now.
    pub(crate) fn resize(&mut self, place: usize, before: usize, now: usize) {
        if now != before {
            for start in self.0.iter_mut().skip(place + 1) {
                *start = u32::try_from(wide(*start) + now - before).unwrap_or(u32::MAX);
            }
        }
    }

    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// The block of an organisation, and its place there.
pub(crate) fn block_of(organisation: u32) -> (usize, usize) {
    (wide(organisation / BLOCK), wide(organisation % BLOCK))
}

/// The organisation at a place of a block.
pub(crate) fn organisation_at(block: usize, place: usize) -> u32 {
    u32::try_from(block * wide(BLOCK) + place).unwrap_or(u32::MAX)
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX - 1)
}

impl<T> Records<T> {
    /// The records of an organisation.
    pub fn of(&self, organisation: u32) -> &[T] {
        let (block, place) = block_of(organisation);
        let own = self.0.get(block).map(|block| (&block.records, block.starts.range(place)));
        own.and_then(|(records, range)| records.get(range)).unwrap_or_default()
    }

    /// All of them, by organisation.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { blocks: self.0.iter(), records: [].iter() }
    }

    /// All of them, in lots of some hundred.
    pub fn blocks(&self) -> impl Iterator<Item = &[T]> {
        self.0.iter().map(|block| block.records.as_slice())
    }

    /// The organisations that have any, each with what it has.
    pub fn by_organisation(&self) -> impl Iterator<Item = (u32, &[T])> {
        let blocks = self.0.iter().enumerate();
        let all = blocks.flat_map(|(at, block)| {
            (0..block.starts.len()).map(move |place| {
                let own = block.records.get(block.starts.range(place));
                (organisation_at(at, place), own.unwrap_or_default())
            })
        });
        all.filter(|(_, own)| !own.is_empty())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|block| block.records.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|block| block.records.is_empty())
    }

    /// Whether both are one in memory and not only equal.
    pub fn is_one_with(&self, other: &Self) -> bool {
        self.0.is_one_with(&other.0)
    }
}

impl<T: Record> Records<T> {
    /// Puts a record behind those of its organisation. Quick where they come by organisation.
    pub fn push(&mut self, record: T) {
        let (block, place) = block_of(record.organisation());
        if let Some(block) = self.block(block) {
            let end = block.starts.reach(place, block.records.len()).end;
            block.starts.resize(place, 0, 1);
            block.records.insert(end, record);
        }
    }

    /// Puts records in the place of those that an organisation has. Where it has the same, they stay shared.
    pub fn put(&mut self, organisation: u32, mut own: Vec<T>) {
        for record in &mut own {
            record.stand_under(organisation);
        }
        if self.of(organisation) == own {
            return;
        }
        let (block, place) = block_of(organisation);
        if let Some(block) = self.block(block) {
            let range = block.starts.reach(place, block.records.len());
            block.starts.resize(place, range.len(), own.len());
            block.records.splice(range, own);
        }
    }

    /// Changes what an organisation has.
    pub fn change(&mut self, organisation: u32, change: impl FnOnce(&mut Vec<T>)) {
        let mut own = self.of(organisation).to_vec();
        change(&mut own);
        self.put(organisation, own);
    }

    /// Puts what each organisation has in order.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        for block in self.0.iter_mut() {
            let Block { starts, records } = &mut **block;
            for place in 0..starts.len() {
                if let Some(own) = records.get_mut(starts.range(place)) {
                    own.sort_by_key(&key);
                }
            }
        }
    }

    /// The block at a place, its own and not shared.
    fn block(&mut self, at: usize) -> Option<&mut Block<T>> {
        if self.0.len() <= at {
            // Records mostly come by organisation, so that the block before is whole.
            self.shrink();
            // Where nobody has any, all share an empty one.
            self.0.resize(at + 1, Shared::default());
        }
        self.0.get_mut(at).map(|block| &mut **block)
    }

    /// Gives back the room behind the last one.
    pub fn shrink(&mut self) {
        if let Some(last) = self.0.last_mut() {
            last.starts.shrink();
            last.records.shrink_to_fit();
        }
    }
}

impl<T> Clone for Records<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(Shared::default())
    }
}

impl<T> Default for Block<T> {
    fn default() -> Self {
        Self { starts: Starts::default(), records: Vec::new() }
    }
}

impl<T: PartialEq> PartialEq for Records<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_one_with(other) || self.iter().eq(other.iter())
    }
}

impl<T: Record> Extend<T> for Records<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, records: I) {
        records.into_iter().for_each(|record| self.push(record));
    }
}

impl<T: Record> FromIterator<T> for Records<T> {
    fn from_iter<I: IntoIterator<Item = T>>(records: I) -> Self {
        let mut all = Self::default();
        all.extend(records);
        all.shrink();
        all
    }
}

impl<T: Record> From<Vec<T>> for Records<T> {
    fn from(records: Vec<T>) -> Self {
        records.into_iter().collect()
    }
}

impl<'r, T> IntoIterator for &'r Records<T> {
    type Item = &'r T;
    type IntoIter = Iter<'r, T>;

    fn into_iter(self) -> Iter<'r, T> {
        self.iter()
    }
}

/// Records one after the other.
#[derive(Clone, Debug)]
pub struct Iter<'r, T> {
    blocks: std::slice::Iter<'r, Shared<Block<T>>>,
    /// What is left of the block that is walked.
    records: std::slice::Iter<'r, T>,
}

impl<'r, T> Iterator for Iter<'r, T> {
    type Item = &'r T;

    fn next(&mut self) -> Option<&'r T> {
        loop {
            if let Some(record) = self.records.next() {
                return Some(record);
            }
            self.records = self.blocks.next()?.records.iter();
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rest = self.blocks.clone().map(|block| block.records.len());
        let count = self.records.len() + rest.sum::<usize>();
        (count, Some(count))
    }

    fn fold<B, F: FnMut(B, &'r T) -> B>(self, start: B, mut each: F) -> B {
        let sum = self.records.fold(start, &mut each);
        self.blocks.fold(sum, |sum, block| block.records.iter().fold(sum, &mut each))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T: Packed> Packed for Records<T> {
    fn shape(shape: &mut String) {
        shape.push_str("Records:");
        shape_of_part(|all: &Self| &all.0, shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.0.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Packed::read(input).map(Self)
    }
}

impl<T: Packed> Packed for Block<T> {
    fn shape(shape: &mut String) {
        shape_of_part(|block: &Self| &block.starts, shape);
        shape_of_part(|block: &Self| &block.records, shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.starts.write(out);
        self.records.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { starts: Packed::read(input)?, records: Packed::read(input)? })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use proptest::prelude::*;

    use super::*;
    use crate::register::Promotion;

    fn attended(organisation: u32, year: i16) -> Promotion {
        Promotion { organisation, on: Date::constant(year, 1, 1) }
    }

    prop_compose! {
        fn promotions()(organisation in 0..700_u32, year in 2000..2030_i16) -> Promotion {
            attended(organisation, year)
        }
    }

    proptest! {
        #[test]
        fn what_is_put_there_is_what_a_list_has(
            first in prop::collection::vec(promotions(), 0..60),
            turns in prop::collection::vec((0..700_u32, prop::collection::vec(promotions(), 0..4)), 0..6),
        ) {
            let mut list = first.clone();
            list.sort_by_key(|one| one.organisation);
            let mut all: Records<Promotion> = first.into_iter().collect();
            for (organisation, own) in turns {
                let before = all.clone();
                all.put(organisation, own.clone());
                prop_assert_eq!(before.iter().cloned().collect::<Vec<_>>(), list.clone());
                list.retain(|one| one.organisation != organisation);
                list.extend(own.iter().map(|one| Promotion { organisation, ..one.clone() }));
                list.sort_by_key(|one| one.organisation);
                prop_assert_eq!(before == all, before.iter().eq(&list));
            }
            prop_assert_eq!(all.iter().cloned().collect::<Vec<_>>(), list.clone());
            prop_assert_eq!((all.len(), all.is_empty()), (list.len(), list.is_empty()));
            prop_assert_eq!((all.iter().len(), all.iter().count()), (list.len(), list.len()));
            let mut walked = Vec::new();
            for one in &all {
                walked.push(one.clone());
            }
            prop_assert_eq!(walked, list.clone());
            for organisation in 0..700 {
                let own = list.iter().filter(|one| one.organisation == organisation);
                prop_assert!(all.of(organisation).iter().eq(own));
            }
            let by: Vec<Promotion> = all.by_organisation().flat_map(|(_, own)| own.to_vec()).collect();
            prop_assert_eq!(by, list.clone());
            prop_assert!(all.by_organisation().all(|(of, own)| own.iter().all(|one| one.organisation == of)));
        }
    }

    #[test]
    fn who_files_about_one_organisation_copies_its_block_alone() {
        let before: Records<Promotion> =
            [3, BLOCK, 2 * BLOCK].map(|of| attended(of, 2020)).into_iter().collect();
        let mut after = before.clone();
        after.put(BLOCK, vec![attended(0, 2020)]);
        assert!(after.is_one_with(&before));
        after.change(BLOCK, |own| own.push(attended(0, 2021)));
        let shared = |at: usize| after.0[at].is_one_with(&before.0[at]);
        assert_eq!([shared(0), shared(1), shared(2)], [true, false, true]);
        assert_eq!(after.of(BLOCK), [attended(BLOCK, 2020), attended(BLOCK, 2021)]);
    }
}
