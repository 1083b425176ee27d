//! A long list in blocks that copies share: whoever changes one thing copies its block, and none of the others.

use crate::packed::{Input, Output, Packed, shape_of_part};
use crate::shared::Shared;

/// How much stands in a block.
const BLOCK: usize = 256;

/// Things by their number, in blocks. All but the last are full.
///
/// ```
/// use hoptac_model::blocks::Blocks;
/// let before: Blocks<&str> = ["Hoa Hồi", "Na Chi Lăng"].into_iter().collect();
/// let mut after = before.clone();
/// after.put(2, "Thạch đen");
/// after.put(0, "Hồi");
/// assert_eq!(after.iter().copied().collect::<Vec<_>>(), ["Hồi", "Na Chi Lăng", "Thạch đen"]);
/// assert_eq!((before.get(0), before.get(2)), (Some(&"Hoa Hồi"), None));
/// ```
#[derive(Debug)]
pub struct Blocks<T>(Shared<Vec<Shared<Vec<T>>>>);

impl<T> Blocks<T> {
    /// What stands at a place.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at / BLOCK)?.get(at % BLOCK)
    }

    /// How much there is.
    pub fn len(&self) -> usize {
        let full = self.0.len().saturating_sub(1) * BLOCK;
        full + self.0.last().map_or(0, |last| last.len())
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it, in order.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { all: self, at: 0, end: self.len() }
    }

    /// Where something with a key stands, in a list that is sorted by it; else where it would stand.
    pub fn binary_search_by_key<K: Ord>(
        &self,
        key: &K,
        mut of: impl FnMut(&T) -> K,
    ) -> Result<usize, usize> {
        let before =
            self.0.partition_point(|block| block.last().is_some_and(|last| of(last) < *key));
        // What comes behind all others would stand in the last block.
        let block = before.min(self.0.len().saturating_sub(1));
        let found = self.0.get(block).map_or(Err(0), |own| own.binary_search_by_key(key, of));
        found.map(|at| block * BLOCK + at).map_err(|at| block * BLOCK + at)
    }

    /// Whether both are one in memory and not only equal.
    pub fn is_one_with(&self, other: &Self) -> bool {
        self.0.is_one_with(&other.0)
    }
}

impl<T: Clone> Blocks<T> {
    /// Puts something behind all others.
    pub fn push(&mut self, value: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < BLOCK => last.push(value),
            Some(_) | None => self.0.push(vec![value].into()),
        }
    }

    /// Changes what stands at a place.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        // Nothing is copied for a place that is not there.
        self.get(at)?;
        self.0.get_mut(at / BLOCK)?.get_mut(at % BLOCK)
    }
}

impl<T: Clone + PartialEq> Blocks<T> {
    /// Puts something in the place of what stands there, or behind all others. Where it is the same, it stays shared.
    pub fn put(&mut self, at: usize, value: T) {
        if self.get(at) == Some(&value) {
            return;
        }
        match self.get_mut(at) {
            Some(place) => *place = value,
            None => self.push(value),
        }
    }
}

impl<T> Clone for Blocks<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self(Shared::default())
    }
}

impl<T: PartialEq> PartialEq for Blocks<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_one_with(other) || self.0 == other.0
    }
}

impl<T> FromIterator<T> for Blocks<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values = values.into_iter().peekable();
        let mut blocks = Vec::new();
        while values.peek().is_some() {
            let mut block = Vec::with_capacity(BLOCK.min(values.size_hint().0.max(1)));
            block.extend(values.by_ref().take(BLOCK));
            blocks.push(block.into());
        }
        Self(blocks.into())
    }
}

impl<T> From<Vec<T>> for Blocks<T> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<'b, T> IntoIterator for &'b Blocks<T> {
    type Item = &'b T;
    type IntoIter = Iter<'b, T>;

    fn into_iter(self) -> Iter<'b, T> {
        self.iter()
    }
}

/// What stands in blocks, one after the other.
#[derive(Debug)]
pub struct Iter<'b, T> {
    all: &'b Blocks<T>,
    at: usize,
    end: usize,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { all: self.all, at: self.at, end: self.end }
    }
}

impl<'b, T> Iterator for Iter<'b, T> {
    type Item = &'b T;

    fn next(&mut self) -> Option<&'b T> {
        let next = (self.at < self.end).then(|| self.all.get(self.at)).flatten()?;
        self.at += 1;
        Some(next)
    }

    fn nth(&mut self, count: usize) -> Option<&'b T> {
        self.at = self.at.saturating_add(count).min(self.end);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.at, Some(self.end - self.at))
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let last = self.end.checked_sub(1).filter(|last| *last >= self.at)?;
        self.end = last;
        self.all.get(last)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

/// It is packed as one list.
impl<T: Packed> Packed for Blocks<T> {
    fn shape(shape: &mut String) {
        shape.push_str("Blocks:");
        shape_of_part(|all: &Self| &all.0, shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.0.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let read = Self(Packed::read(input)?);
        // Every place is found by counting.
        let (last, full) =
            read.0.split_last().map_or((1, &[][..]), |(last, full)| (last.len(), full));
        let is_right = (1..=BLOCK).contains(&last) && full.iter().all(|block| block.len() == BLOCK);
        is_right.then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_list_holds(
            count in 0..1100_u32,
            turns in prop::collection::vec((0..1100_usize, 0..5_u32), 0..8),
            (front, back) in (0..3_usize, 0..3_usize),
        ) {
            let mut list: Vec<u32> = (0..count).map(|n| n * 2).collect();
            let mut blocks: Blocks<u32> = list.iter().copied().collect();
            for key in (0..10).chain([count, 2 * count, 511, 512, 1022]) {
                prop_assert_eq!(blocks.binary_search_by_key(&key, |n| *n), list.binary_search(&key));
            }
            for (at, value) in turns {
                let before = blocks.clone();
                let changed = list.get(at) != Some(&value);
                blocks.put(at, value);
                prop_assert!(before.iter().eq(&list));
                match list.get_mut(at) {
                    Some(place) => *place = value,
                    None => list.push(value),
                }
                prop_assert_eq!(blocks.is_one_with(&before), !changed);
            }
            prop_assert!(blocks.iter().eq(&list) && blocks.iter().rev().eq(list.iter().rev()));
            prop_assert_eq!((blocks.len(), blocks.is_empty(), blocks.iter().len()), (list.len(), list.is_empty(), list.len()));
            prop_assert_eq!(&blocks, &list.iter().copied().collect());
            let mut some = blocks.iter();
            let mut want = list.iter();
            prop_assert_eq!((some.nth(front), some.nth_back(back)), (want.nth(front), want.nth_back(back)));
            prop_assert!(some.eq(want));
        }
    }

    #[test]
    fn who_changes_one_thing_copies_its_block_alone() {
        let before: Blocks<usize> = (0..3 * BLOCK).collect();
        let mut after = before.clone();
        *after.get_mut(BLOCK).unwrap() = 0;
        assert_eq!(after.get_mut(3 * BLOCK), None);
        let shared = |at: usize| after.0[at].is_one_with(&before.0[at]);
        assert_eq!([shared(0), shared(1), shared(2)], [true, false, true]);
    }
}
