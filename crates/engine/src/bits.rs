//! Bitmaps over the rows of the facts: one bit per row, 64 rows per machine word.

use std::ops::Range;

use hoptac_model::whole::Wholes;
use hoptac_model::{of_any_width, packed};

/// One bit per row. Bits behind the last row are always zero, so whole words can be counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    length: usize,
}

packed!(Bits { words, length });

impl Bits {
    /// No row.
    pub(crate) fn none(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(64)], length }
    }

    /// Every row.
    pub(crate) fn all(length: usize) -> Self {
        Self { words: vec![u64::MAX; length.div_ceil(64)], length }.trimmed()
    }

    /// The rows for which `holds` says so.
    pub(crate) fn from_fn(length: usize, mut holds: impl FnMut(usize) -> bool) -> Self {
        let mut bits = Self::none(length);
        for (i, word) in bits.words.iter_mut().enumerate() {
            let start = i * 64;
            for bit in 0..64.min(length - start) {
                *word |= u64::from(holds(start + bit)) << bit;
            }
        }
        bits
    }

    /// The places of a list for which `holds` says so.
    pub(crate) fn from_slice<T>(items: &[T], mut holds: impl FnMut(&T) -> bool) -> Self {
        let words = items.chunks(64).map(|chunk| {
            chunk
                .iter()
                .enumerate()
                .fold(0, |word, (bit, item)| word | u64::from(holds(item)) << bit)
        });
        Self { words: words.collect(), length: items.len() }
    }

    /// Whether the row is in it.
    pub(crate) fn has(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// The places of a column at which there is a number.
    pub(crate) fn known(column: &Wholes) -> Self {
        of_any_width!(column, |values, nothing| Self::from_slice(values, |value| *value != nothing))
    }

    /// Rows in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// Rows in either.
    pub(crate) fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Rows in this one and not in the other.
    pub(crate) fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Rows not in it.
    pub(crate) fn not(&self) -> Self {
        Self { words: self.words.iter().map(|word| !word).collect(), length: self.length }.trimmed()
    }

    /// How many rows of the run are in it.
    pub(crate) fn count(&self, run: Range<usize>) -> u32 {
        self.masked(run).map(|(_, word)| word.count_ones()).sum()
    }

    /// The rows of the run that are in it, in order.
    pub(crate) fn rows(&self, run: Range<usize>) -> impl Iterator<Item = usize> {
        self.masked(run).flat_map(|(start, mut word)| {
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = word.trailing_zeros() as usize;
                word &= word - 1;
                Some(start + bit)
            })
        })
    }

    /// Puts a row in or takes it out, once there are as many rows.
    pub(crate) fn set(&mut self, row: usize, is_in: bool) {
        if row >= self.length {
            self.length = row + 1;
            self.words.resize(self.length.div_ceil(64), 0);
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1 << (row % 64);
            if is_in { *word |= bit } else { *word &= !bit }
        }
    }

    /// Puts rows in: of the 64 from a row on, those of which the bit is set.
    pub(crate) fn put_in(&mut self, start: usize, bits: u64) {
        let (word, shift) = (start / 64, start % 64);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bits << shift;
        }
        if shift > 0
            && let Some(word) = self.words.get_mut(word + 1)
        {
            *word |= bits >> (64 - shift);
        }
    }

    /// The words that the run touches, each with its first row, the bits outside the run cleared.
    fn masked(&self, run: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
        let end = run.end.min(self.length);
        let start = run.start.min(end);
        let first = start / 64;
        let words = self.words.get(first..end.div_ceil(64)).unwrap_or_default();
        let words = if start == end { &[] } else { words };
        words.iter().enumerate().map(move |(i, word)| {
            let at = (first + i) * 64;
            let mut word = *word;
            if at < start {
                word &= u64::MAX << (start - at);
            }
            if end - at < 64 {
                word &= !(u64::MAX << (end - at));
            }
            (at, word)
        })
    }

    fn zip(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        debug_assert_eq!(self.length, other.length, "bitmaps are over the same rows");
        let words = self.words.iter().zip(&other.words).map(|(a, b)| with(*a, *b)).collect();
        Self { words, length: self.length }
    }

    /// Clears the bits behind the last row.
    fn trimmed(mut self) -> Self {
        let used = self.length % 64;
        if let Some(last) = self.words.last_mut().filter(|_| used > 0) {
            *last &= !(u64::MAX << used);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thirds(length: usize) -> Bits {
        Bits::from_fn(length, |row| row % 3 == 0)
    }

    #[test]
    fn counts_are_those_of_a_walk() {
        for length in [0, 1, 63, 64, 65, 128, 200] {
            let bits = thirds(length);
            for start in 0..=length {
                for end in start..=length {
                    let want: Vec<usize> = (start..end).filter(|row| row % 3 == 0).collect();
                    assert_eq!(bits.rows(start..end).collect::<Vec<_>>(), want);
                    assert_eq!(bits.count(start..end) as usize, want.len());
                }
            }
        }
    }
    #[test]
    fn the_opposite_has_no_bits_behind_the_end() {
        assert_eq!(thirds(70).not().count(0..1000), 70 - 24);
        assert_eq!(Bits::all(70).count(0..1000), 70);
        assert_eq!(Bits::none(70).not(), Bits::all(70));
    }
    #[test]
    fn bits_are_set_behind_the_end_too() {
        let mut bits = Bits::default();
        bits.set(70, true);
        bits.set(3, true);
        bits.set(70, false);
        assert_eq!(bits, Bits::from_fn(71, |row| row == 3));
    }
    #[test]
    fn set_algebra() {
        let (thirds, halves) = (thirds(100), Bits::from_fn(100, |row| row % 2 == 0));
        assert_eq!(thirds.and(&halves), Bits::from_fn(100, |row| row % 6 == 0));
        assert_eq!(thirds.without(&halves), Bits::from_fn(100, |row| row % 6 == 3));
        assert_eq!(thirds.or(&halves).not(), thirds.not().and(&halves.not()));
        assert!(thirds.has(99) && !thirds.has(98) && !thirds.has(1000));
    }
}
