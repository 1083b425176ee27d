//! What aggregates are made of: totals that add up, middles, keys.

use std::cmp::Ordering;
use std::ops::Range;

use hoptac_model::formula::tree::{Comparison, Function};
use hoptac_model::whole::Wholes;

use crate::bits::Bits;
use crate::vector::Flags;

/// What sums, averages, least and greatest values are made of; two of them make one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Total {
    count: u32,
    sum: f64,
    least: f64,
    greatest: f64,
}

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

/// The same of whole numbers, exactly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeTotal {
    count: u32,
    sum: i128,
    least: i64,
    greatest: i64,
}

impl Default for WholeTotal {
    fn default() -> Self {
        Self { count: 0, sum: 0, least: i64::MAX, greatest: i64::MIN }
    }
}

impl WholeTotal {
    pub(crate) fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += i128::from(value);
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// As floating point, which is what a board shows.
    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is wanted")]
    pub(crate) fn rounded(&self) -> Total {
        Total {
            count: self.count,
            sum: self.sum as f64,
            least: self.least as f64,
            greatest: self.greatest as f64,
        }
    }
}

/// A comparison of whole numbers with one number.
#[expect(clippy::cast_precision_loss, reason = "numbers of formulas are floating point")]
pub(crate) fn compared(op: Comparison, values: &Wholes, known: &Bits, bound: f64) -> Flags {
    let holds = |value: f64| value.partial_cmp(&bound).is_some_and(|order| op.holds(order));
    let yes = match values {
        Wholes::Tiny(values) => Bits::from_slice(values, |value| holds(f64::from(*value))),
        Wholes::Small(values) => Bits::from_slice(values, |value| holds(f64::from(*value))),
        Wholes::Wide(values) => Bits::from_slice(values, |value| holds(*value as f64)),
    };
    Flags::within(known, &yes)
}

pub(crate) fn values_of<'v, T: Copy>(
    rows: &'v Bits,
    run: Range<usize>,
    values: &'v [T],
) -> impl Iterator<Item = T> + 'v {
    rows.rows(run).filter_map(|row| values.get(row).copied())
}

/// What has a middle: numbers of any width.
pub(crate) trait Middle: Copy {
    fn order(&self, other: &Self) -> Ordering;
    fn as_number(self) -> f64;
}

impl Middle for f64 {
    fn order(&self, other: &Self) -> Ordering {
        self.total_cmp(other)
    }

    fn as_number(self) -> f64 {
        self
    }
}

impl Middle for i64 {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }

    #[expect(clippy::cast_precision_loss, reason = "exact up to nine million billions")]
    fn as_number(self) -> f64 {
        self as f64
    }
}

impl Middle for i32 {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }

    fn as_number(self) -> f64 {
        f64::from(self)
    }
}

impl Middle for i8 {
    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }

    fn as_number(self) -> f64 {
        f64::from(self)
    }
}

/// The middle value, or the average of the two middle ones. The values are put in order around it.
pub(crate) fn middle<T: Middle>(values: &mut [T]) -> Option<f64> {
    let half = values.len() / 2;
    if half >= values.len() {
        return None;
    }
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(half, T::order);
    let upper = upper.as_number();
    if odd {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(T::order)?;
    Some(f64::midpoint(lower.as_number(), upper))
}

/// Numbers that are equal have one key; zero has two signs and one value.
pub(crate) fn key_of(value: f64) -> u64 {
    if value == 0.0 { 0 } else { value.to_bits() }
}
