//! What aggregates are made of: totals that add up, middles, keys.

use std::ops::Range;

use hoptac_model::formula::tree::{Comparison, Function};
use hoptac_model::whole::{Wholes, whole};
use hoptac_model::{of_any_width, packed};

use crate::bits::Bits;
use crate::vector::Flags;

/// What sums, averages, least and greatest values are made of; two of them make one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Total {
    count: u32,
    sum: f64,
    least: f64,
    greatest: f64,
}

packed!(Total { count, sum, least, greatest });

impl Default for Total {
    fn default() -> Self {
        Self { count: 0, sum: 0.0, least: f64::INFINITY, greatest: f64::NEG_INFINITY }
    }
}

impl Total {
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// The result; nothing over nothing is missing.
    pub(crate) fn value(&self, function: Function) -> Option<f64> {
        let value = match function {
            Function::Sum => self.sum,
            Function::Average => self.sum / f64::from(self.count),
            Function::Minimum => self.least,
            Function::Maximum => self.greatest,
            Function::Count | Function::CountDistinct | Function::Median => return None,
        };
        (self.count > 0).then_some(value)
    }
}

/// How many whole numbers there are and what they add up to: four billion numbers of 64 bits need no more than 96.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    low: u64,
    high: i32,
    count: u32,
}

packed!(Sum { low, high, count });

impl Sum {
    pub(crate) fn new(count: u32, sum: i128) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low half")]
        let low = sum as u64;
        Self { low, high: i32::try_from(sum >> 64).unwrap_or(0), count }
    }

    fn sum(self) -> i128 {
        i128::from(self.high) << 64 | i128::from(self.low)
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        *self = Self::new(self.count + other.count, self.sum() + other.sum());
    }

    /// Takes off what was there and adds what is there now.
    pub(crate) fn exchange(&mut self, before: &Self, now: &Self) {
        let count = self.count.saturating_sub(before.count) + now.count;
        *self = Self::new(count, self.sum() - before.sum() + now.sum());
    }

    /// The result as floating point, which is what a board shows; nothing over nothing is missing.
    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is wanted")]
    pub(crate) fn value(self, function: Function) -> Option<f64> {
        let sum = self.sum() as f64;
        let average = function == Function::Average;
        (self.count > 0).then(|| if average { sum / f64::from(self.count) } else { sum })
    }
}

/// A comparison of whole numbers with one number.
#[expect(clippy::cast_precision_loss, reason = "numbers of formulas are floating point")]
pub(crate) fn compared(op: Comparison, values: &Wholes, known: &Bits, bound: f64) -> Flags {
    let holds = |value: f64| value.partial_cmp(&bound).is_some_and(|order| op.holds(order));
    let yes = of_any_width!(values, |values, _nothing| {
        Bits::from_slice(values, |value| holds(whole(*value) as f64))
    });
    Flags::within(known, &yes)
}

pub(crate) fn values_of<'v, T: Copy>(
    rows: &'v Bits,
    run: Range<usize>,
    values: &'v [T],
) -> impl Iterator<Item = T> + 'v {
    rows.rows(run).filter_map(|row| values.get(row).copied())
}

/// Numbers that are equal have one key; zero has two signs and one value.
pub(crate) fn key_of(value: f64) -> i64 {
    if value == 0.0 { 0 } else { value.to_bits().cast_signed() }
}

/// A key by which numbers stand in their order. It is its own opposite: the key of a key's bits is the number.
pub(crate) fn key_of_real(value: f64) -> i64 {
    turned(value.to_bits().cast_signed())
}

/// The number of a key.
pub(crate) fn real_of_key(key: i64) -> f64 {
    f64::from_bits(turned(key).cast_unsigned())
}

/// Negative numbers have their sign apart from their size, so that larger ones look larger.
fn turned(bits: i64) -> i64 {
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The keys around the middle, which are one where there is an odd number of them; none of none. The keys are put in order
/// around it.
pub(crate) fn middle(keys: &mut [i64]) -> Option<(i64, i64)> {
    let half = keys.len() / 2;
    if half >= keys.len() {
        return None;
    }
    let odd = keys.len() % 2 == 1;
    let (below, upper, _) = keys.select_nth_unstable(half);
    let lower = if odd { *upper } else { below.iter().copied().max()? };
    Some((lower, *upper))
}

/// The keys around the middle of many, so that one more or one less is found without looking at all of them.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    /// How many keys lie before the window, none of them greater than its first.
    before: usize,
    /// Keys in order.
    keys: Vec<i64>,
    /// How many lie behind it, none of them less than its last.
    after: usize,
}

packed!(Window { before, keys, after });

impl Window {
    /// How far it reaches to either side.
    const REACH: usize = 128;

    /// The window of some keys, which are put in order around it.
    pub(crate) fn new(keys: &mut [i64]) -> Self {
        let half = keys.len() / 2;
        let start = half.saturating_sub(Self::REACH);
        let end = (half + Self::REACH + 1).min(keys.len());
        if start > 0 {
            keys.select_nth_unstable(start);
        }
        if end < keys.len()
            && let Some(rest) = keys.get_mut(start..)
        {
            rest.select_nth_unstable(end - start);
        }
        let mut window = keys.get(start..end).map(<[i64]>::to_vec).unwrap_or_default();
        window.sort_unstable();
        Self { before: start, keys: window, after: keys.len() - end }
    }

    /// Puts a key in.
    pub(crate) fn add(&mut self, key: i64) {
        match (self.keys.first(), self.keys.last()) {
            (Some(first), _) if key < *first => self.before += 1,
            (_, Some(last)) if key > *last => self.after += 1,
            // Where an empty window lies between the others, nobody knows; it has no middle to tell any more.
            (None, _) if self.before + self.after > 0 => self.after += 1,
            _ => {
                let at = self.keys.partition_point(|known| *known < key);
                self.keys.insert(at, key);
            }
        }
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: i64) {
        match (self.keys.first(), self.keys.last()) {
            (Some(first), _) if key < *first => self.before = self.before.saturating_sub(1),
            (_, Some(last)) if key > *last => self.after = self.after.saturating_sub(1),
            (None, _) if self.after == 0 => self.before = self.before.saturating_sub(1),
            (None, _) => self.after -= 1,
            _ => {
                if let Ok(at) = self.keys.binary_search(&key) {
                    self.keys.remove(at);
                }
            }
        }
    }

    /// The keys around the middle; none where they lie outside the window, or there are no keys.
    pub(crate) fn middle(&self) -> Option<(i64, i64)> {
        let total = self.before + self.keys.len() + self.after;
        let at = |place: usize| self.keys.get(place.checked_sub(self.before)?).copied();
        Some((at(total.checked_sub(1)? / 2)?, at(total / 2)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_exact_in_both_directions() {
        let numbers = [i64::MAX, i64::MIN, -1, 0, 7, i64::MAX];
        let mut all = Sum::default();
        for number in numbers {
            all.merge(&Sum::new(1, i128::from(number)));
        }
        let want: i128 = numbers.iter().map(|number| i128::from(*number)).sum();
        assert_eq!(all, Sum::new(6, want));
        all.exchange(&Sum::new(2, -5), &Sum::new(1, i128::from(i64::MIN) * 3));
        assert_eq!(all, Sum::new(5, want + 5 + i128::from(i64::MIN) * 3));
    }

    proptest! {
        #[test]
        fn keys_stand_in_the_order_of_their_numbers(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            prop_assert_eq!(key_of_real(a).cmp(&key_of_real(b)), a.total_cmp(&b));
            prop_assert_eq!(real_of_key(key_of_real(a)).to_bits(), a.to_bits());
        }
        #[test]
        fn a_window_has_the_middle_or_says_that_it_has_not(
            mut keys in prop::collection::vec(-400..400_i64, 0..900),
            turns in prop::collection::vec((any::<bool>(), -400..400_i64), 0..400),
        ) {
            let mut window = Window::new(&mut keys);
            for (is_new, key) in turns {
                if is_new {
                    keys.push(key);
                    window.add(key);
                } else if let Some(at) = keys.iter().position(|known| *known >= key) {
                    window.remove(keys.swap_remove(at));
                }
                let want = middle(&mut keys);
                prop_assert!(window.middle().is_none_or(|found| Some(found) == want));
                prop_assert_eq!(Window::new(&mut keys).middle(), want);
            }
        }
    }
}
