//! Whole numbers in a column, each or nothing, in the least width that holds them all.
//!
//! A nation's yearly returns are sixty million numbers. Most of them are flags, small counts and thousands of đồng, so a column
//! that is as wide as its widest number takes a quarter of the memory that eight bytes each would, and is read as much quicker.

use std::ops::{ControlFlow, Range};

/// A thousand times a number: most sums of money are told in thousands of đồng.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thousand(i32);

impl Thousand {
    /// Stands where there is none.
    pub const NONE: Self = Self(i32::MIN);

    /// What a number is in thousands; none where it is not told so.
    fn of(value: i64) -> Option<Self> {
        let count = i32::try_from(value / 1000).ok().filter(|count| *count != i32::MIN)?;
        (value % 1000 == 0).then_some(Self(count))
    }
}

impl From<Thousand> for i64 {
    fn from(Thousand(count): Thousand) -> Self {
        Self::from(count) * 1000
    }
}

crate::packed!(Thousand(i32));

/// A column of whole numbers, some of which are missing.
///
/// ```
/// use hoptac_model::whole::Wholes;
/// let column: Wholes = [Some(7), None, Some(-1)].into_iter().collect();
/// assert_eq!((column.get(0), column.get(1), column.get(2)), (Some(7), None, Some(-1)));
/// assert_eq!(column.get(3), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wholes {
    /// One byte each; the least stands where there is none.
    Tiny(Vec<i8>),
    /// Two bytes each; the least stands where there is none.
    Short(Vec<i16>),
    /// Four bytes each; the least stands where there is none.
    Small(Vec<i32>),
    /// Four bytes each, all of them told in thousands.
    Thousands(Vec<Thousand>),
    /// Eight bytes each; the least stands where there is none.
    Wide(Vec<i64>),
}

/// Does the same with the numbers of a column of any width, and with what stands there for nothing.
#[macro_export]
macro_rules! of_any_width {
    ($column:expr, |$values:ident, $nothing:ident| $what:expr) => {
        match $column {
            $crate::whole::Wholes::Tiny($values) => {
                let $nothing = i8::MIN;
                $what
            }
            $crate::whole::Wholes::Short($values) => {
                let $nothing = i16::MIN;
                $what
            }
            $crate::whole::Wholes::Small($values) => {
                let $nothing = i32::MIN;
                $what
            }
            $crate::whole::Wholes::Thousands($values) => {
                let $nothing = $crate::whole::Thousand::NONE;
                $what
            }
            $crate::whole::Wholes::Wide($values) => {
                let $nothing = i64::MIN;
                $what
            }
        }
    };
}

impl Default for Wholes {
    fn default() -> Self {
        Self::Tiny(Vec::new())
    }
}

impl Wholes {
    /// A column without any place yet, with room for some.
    pub fn with_capacity(length: usize) -> Self {
        Self::Tiny(Vec::with_capacity(length))
    }

    /// All of them as floating point, which is exact up to nine million billions; zero where there is none.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    pub fn to_numbers(&self) -> Vec<f64> {
        of_any_width!(self, |values, nothing| {
            let number = |v: &_| if *v == nothing { 0.0 } else { whole(*v) as f64 };
            values.iter().map(number).collect()
        })
    }

    /// What stands at some places, in their order and as wide as here; nothing for a place that is not there.
    #[must_use]
    pub fn gather(&self, places: &[u32]) -> Self {
        fn each<T: Copy>(values: &[T], places: &[u32], nothing: T) -> Vec<T> {
            let at = |place: u32| usize::try_from(place).ok().and_then(|place| values.get(place));
            places.iter().map(|place| at(*place).copied().unwrap_or(nothing)).collect()
        }
        match self {
            Self::Tiny(values) => Self::Tiny(each(values, places, i8::MIN)),
            Self::Short(values) => Self::Short(each(values, places, i16::MIN)),
            Self::Small(values) => Self::Small(each(values, places, i32::MIN)),
            Self::Thousands(values) => Self::Thousands(each(values, places, Thousand::NONE)),
            Self::Wide(values) => Self::Wide(each(values, places, i64::MIN)),
        }
    }

    /// A column of nothing.
    pub fn missing(length: usize) -> Self {
        Self::Tiny(vec![i8::MIN; length])
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        of_any_width!(self, |values, _nothing| values.len())
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place; none where it is missing or there is no such place.
    pub fn get(&self, at: usize) -> Option<i64> {
        of_any_width!(self, |values, nothing| {
            values.get(at).filter(|value| **value != nothing).map(|value| whole(*value))
        })
    }

    /// Adds a number or nothing. The least number of 64 bits cannot be told from nothing, and is nothing.
    pub fn push(&mut self, value: Option<i64>) {
        let pushed = match self {
            Self::Tiny(values) => narrow(value, i8::MIN).map(|value| values.push(value)),
            Self::Short(values) => narrow(value, i16::MIN).map(|value| values.push(value)),
            Self::Small(values) => narrow(value, i32::MIN).map(|value| values.push(value)),
            Self::Thousands(values) => told(value).map(|value| values.push(value)),
            Self::Wide(values) => {
                values.push(value.unwrap_or(i64::MIN));
                Some(())
            }
        };
        if pushed.is_none() {
            self.widen(value);
            self.push(value);
        }
    }

    /// Puts a number, or nothing, in the place of one that is there.
    pub fn set(&mut self, at: usize, value: Option<i64>) {
        if at < self.len() {
            self.push(value);
            of_any_width!(self, |values, _nothing| {
                values.swap_remove(at);
            });
        }
    }

    /// Puts numbers, or nothing, in the place of a stretch; behind all others where there is no such stretch.
    pub fn splice(&mut self, places: Range<usize>, values: impl Iterator<Item = Option<i64>>) {
        let before = self.len();
        values.for_each(|value| self.push(value));
        let (end, new) = (places.end.min(before), self.len() - before);
        let start = places.start.min(end);
        of_any_width!(self, |values, _nothing| {
            if let Some(rest) = values.get_mut(end..) {
                rest.rotate_right(new);
            }
            values.drain(start..end);
        });
    }

    /// Gives back the room that no number has.
    pub fn shrink_to_fit(&mut self) {
        of_any_width!(self, |values, _nothing| values.shrink_to_fit());
    }

    /// Adds a stretch of another column.
    pub fn append(&mut self, other: &Self, places: Range<usize>) {
        match (&mut *self, other) {
            (Self::Tiny(all), Self::Tiny(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Short(all), Self::Short(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Small(all), Self::Small(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Thousands(all), Self::Thousands(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Wide(all), Self::Wide(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            // One is narrower than the other.
            _ => places.for_each(|at| self.push(other.get(at))),
        }
    }

    /// Adds many at once, among which the least number of 64 bits stands for nothing.
    pub fn extend_from_slice(&mut self, values: &[i64]) {
        /// Puts them all there, or none where one does not fit: without a way to go at each, the processor takes several at once.
        fn all<T: Copy>(
            column: &mut Vec<T>,
            values: &[i64],
            nothing: T,
            fits: impl Fn(Option<i64>) -> Option<T>,
        ) -> bool {
            let (before, mut all_fit) = (column.len(), true);
            column.extend(values.iter().map(|value| {
                let value = fits((*value != i64::MIN).then_some(*value));
                all_fit &= value.is_some();
                value.unwrap_or(nothing)
            }));
            if !all_fit {
                column.truncate(before);
            }
            all_fit
        }
        let all_fit = match self {
            Self::Tiny(column) => all(column, values, i8::MIN, |value| narrow(value, i8::MIN)),
            Self::Short(column) => all(column, values, i16::MIN, |value| narrow(value, i16::MIN)),
            Self::Small(column) => all(column, values, i32::MIN, |value| narrow(value, i32::MIN)),
            Self::Thousands(column) => all(column, values, Thousand::NONE, told),
            Self::Wide(column) => {
                column.extend_from_slice(values);
                true
            }
        };
        if !all_fit {
            self.extend(values.iter().map(|value| (*value != i64::MIN).then_some(*value)));
        }
    }

    /// Makes it wider, with as much room, for a number that it does not hold as it is.
    fn widen(&mut self, value: Option<i64>) {
        let wider = match self {
            Self::Tiny(values) => {
                Self::Short(widened(values, i8::MIN, i16::MIN, |v| Some(i16::from(v))))
            }
            Self::Short(values) => {
                Self::Small(widened(values, i16::MIN, i32::MIN, |v| Some(i32::from(v))))
            }
            Self::Small(values) if told(value).is_some() && values.iter().all(is_told) => {
                let told = |v| Thousand::of(i64::from(v));
                Self::Thousands(widened(values, i32::MIN, Thousand::NONE, told))
            }
            Self::Small(values) => {
                Self::Wide(widened(values, i32::MIN, i64::MIN, |v| Some(i64::from(v))))
            }
            Self::Thousands(values) => {
                Self::Wide(widened(values, Thousand::NONE, i64::MIN, |v| Some(i64::from(v))))
            }
            Self::Wide(_) => return,
        };
        *self = wider;
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<i64>> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// A number of a column of any width.
pub fn whole(value: impl Into<i64>) -> i64 {
    value.into()
}

/// Whether there is nothing, or a number that can be told in thousands.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how it is asked for")]
fn is_told(value: &i32) -> bool {
    *value == i32::MIN || value % 1000 == 0
}

/// The numbers of a column in another width, with as much room.
fn widened<T: Copy + PartialEq, W: Copy>(
    values: &Vec<T>,
    nothing: T,
    none: W,
    of: impl Fn(T) -> Option<W>,
) -> Vec<W> {
    let mut wider = Vec::with_capacity(values.capacity());
    let each = |v: &T| if *v == nothing { none } else { of(*v).unwrap_or(none) };
    wider.extend(values.iter().map(each));
    wider
}

/// The number in a narrower width, whose least stands for nothing; none where it does not fit.
fn narrow<T: TryFrom<i64> + PartialEq>(value: Option<i64>, least: T) -> Option<T> {
    let Some(value) = value else { return Some(least) };
    T::try_from(value).ok().filter(|value| *value != least)
}

impl Extend<Option<i64>> for Wholes {
    fn extend<I: IntoIterator<Item = Option<i64>>>(&mut self, values: I) {
        let mut values = values.into_iter();
        // As many as fit go in without a look at the width; what does not fit widens the column.
        loop {
            let wider = match self {
                Self::Tiny(all) => fill(all, &mut values, |value| narrow(value, i8::MIN)),
                Self::Short(all) => fill(all, &mut values, |value| narrow(value, i16::MIN)),
                Self::Small(all) => fill(all, &mut values, |value| narrow(value, i32::MIN)),
                Self::Thousands(all) => fill(all, &mut values, told),
                Self::Wide(all) => fill(all, &mut values, |v| Some(v.unwrap_or(i64::MIN))),
            };
            match wider {
                ControlFlow::Break(value) => self.push(value),
                ControlFlow::Continue(()) => return,
            }
        }
    }
}

/// Takes values in as long as they fit, and breaks off with the first that does not.
fn fill<T>(
    all: &mut Vec<T>,
    values: &mut impl Iterator<Item = Option<i64>>,
    fits: impl Fn(Option<i64>) -> Option<T>,
) -> ControlFlow<Option<i64>> {
    for value in values {
        match fits(value) {
            Some(value) => all.push(value),
            None => return ControlFlow::Break(value),
        }
    }
    ControlFlow::Continue(())
}

/// A number or nothing told in thousands; none where it cannot be.
fn told(value: Option<i64>) -> Option<Thousand> {
    value.map_or(Some(Thousand::NONE), Thousand::of)
}

impl FromIterator<Option<i64>> for Wholes {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> Self {
        let mut column = Self::default();
        column.extend(values);
        column
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers() -> impl Strategy<Value = Option<i64>> {
        prop::option::of(prop_oneof![
            -200..200_i64,
            any::<i16>().prop_map(i64::from),
            any::<i32>().prop_map(i64::from),
            any::<i32>().prop_map(|n| i64::from(n) * 1000),
            any::<i64>().prop_filter("the least is nothing", |n| *n != i64::MIN),
        ])
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(values in prop::collection::vec(numbers(), 0..40)) {
            let column: Wholes = values.iter().copied().collect();
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), values.clone());
            let mut pushed = Wholes::default();
            for value in &values {
                pushed.push(*value);
            }
            prop_assert_eq!(&pushed, &column);
            let mut extended = Wholes::default();
            for values in values.chunks(7) {
                let values: Vec<i64> = values.iter().map(|value| value.unwrap_or(i64::MIN)).collect();
                extended.extend_from_slice(&values);
            }
            prop_assert_eq!(&extended, &column);
            for (at, value) in values.iter().enumerate() {
                let mut set = column.clone();
                set.set(at, values[0]);
                let mut want = values.clone();
                want[at] = values[0];
                prop_assert_eq!(set.iter().collect::<Vec<_>>(), want);
                set.set(at, *value);
                set.set(values.len(), Some(1));
                prop_assert_eq!(set, column.clone());
            }
            let places = [2, 0, 0, 1000];
            let want: Vec<_> = places.map(|at: u32| column.get(at as usize)).to_vec();
            prop_assert_eq!(column.gather(&places).iter().collect::<Vec<_>>(), want);
        }
        #[test]
        fn a_stretch_goes_behind_another(
            first in prop::collection::vec(numbers(), 0..20),
            second in prop::collection::vec(numbers(), 1..20),
        ) {
            let mut column: Wholes = first.iter().copied().collect();
            let other: Wholes = second.iter().copied().collect();
            column.append(&other, 1..second.len());
            let want: Vec<_> = first.iter().chain(&second[1..]).copied().collect();
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), want);
        }
    }
    proptest! {
        #[test]
        fn what_is_put_between_takes_the_place_of_a_stretch(
            values in prop::collection::vec(numbers(), 0..20),
            new in prop::collection::vec(numbers(), 0..5),
            (one, other) in (0..20_usize, 0..20_usize),
        ) {
            let places = one.min(other).min(values.len())..one.max(other).min(values.len());
            let mut column: Wholes = values.iter().copied().collect();
            column.splice(places.clone(), new.iter().copied());
            column.shrink_to_fit();
            let mut want = values;
            want.splice(places, new);
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), want);
        }
    }
    #[test]
    fn a_column_is_as_wide_as_its_widest_number() {
        let width = |value| match Wholes::from_iter([None, Some(value)]) {
            Wholes::Tiny(_) => 1,
            Wholes::Short(_) => 2,
            Wholes::Small(_) => 4,
            Wholes::Thousands(_) => 1000,
            Wholes::Wide(_) => 8,
        };
        assert_eq!([-127, 127, -128, 128, 32_767].map(width), [1, 1, 2, 2, 2]);
        assert_eq!([-32_768, 32_768, i64::from(i32::MAX)].map(width), [4, 4, 4]);
        assert_eq!([i64::from(i32::MIN), i64::MAX, 3_000_000_001].map(width), [8, 8, 8]);
        assert_eq!([3_000_000_000, -2_147_483_647_000].map(width), [1000, 1000]);
        assert_eq!([2_147_483_648_000, -2_147_483_648_000].map(width), [8, 8]);
        assert_eq!(Wholes::missing(3).iter().collect::<Vec<_>>(), [None; 3]);
    }
    #[test]
    fn one_odd_number_ends_the_thousands() {
        let mut column: Wholes = [Some(5000), None, Some(9_000_000_000)].into_iter().collect();
        assert!(matches!(column, Wholes::Thousands(_)));
        column.push(Some(1));
        let all = [Some(5000), None, Some(9_000_000_000), Some(1)];
        assert_eq!(
            (matches!(column, Wholes::Wide(_)), column.iter().collect()),
            (true, all.to_vec())
        );
    }
}
