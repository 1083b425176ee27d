//! Whole numbers in a column, each or nothing, in the least width that holds them all.
//!
//! A nation's yearly returns are sixty million numbers. Most of them are flags and small counts, so a column that is as
//! wide as its widest number takes a third of the memory that eight bytes each would, and is read as much quicker.

use std::ops::Range;

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
    /// Four bytes each; the least stands where there is none.
    Small(Vec<i32>),
    /// Eight bytes each; the least stands where there is none.
    Wide(Vec<i64>),
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
        match self {
            Self::Tiny(values) => {
                values.iter().map(|v| if *v == i8::MIN { 0.0 } else { f64::from(*v) }).collect()
            }
            Self::Small(values) => {
                values.iter().map(|v| if *v == i32::MIN { 0.0 } else { f64::from(*v) }).collect()
            }
            Self::Wide(values) => {
                values.iter().map(|v| if *v == i64::MIN { 0.0 } else { *v as f64 }).collect()
            }
        }
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
            Self::Small(values) => Self::Small(each(values, places, i32::MIN)),
            Self::Wide(values) => Self::Wide(each(values, places, i64::MIN)),
        }
    }

    /// A column of nothing.
    pub fn missing(length: usize) -> Self {
        Self::Tiny(vec![i8::MIN; length])
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Tiny(values) => values.len(),
            Self::Small(values) => values.len(),
            Self::Wide(values) => values.len(),
        }
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place; none where it is missing or there is no such place.
    pub fn get(&self, at: usize) -> Option<i64> {
        match self {
            Self::Tiny(values) => {
                values.get(at).filter(|value| **value != i8::MIN).map(|value| i64::from(*value))
            }
            Self::Small(values) => {
                values.get(at).filter(|value| **value != i32::MIN).map(|value| i64::from(*value))
            }
            Self::Wide(values) => values.get(at).copied().filter(|value| *value != i64::MIN),
        }
    }

    /// Adds a number or nothing. The least number of 64 bits cannot be told from nothing, and is nothing.
    pub fn push(&mut self, value: Option<i64>) {
        let pushed = match self {
            Self::Tiny(values) => narrow(value, i8::MIN).map(|value| values.push(value)),
            Self::Small(values) => narrow(value, i32::MIN).map(|value| values.push(value)),
            Self::Wide(values) => {
                values.push(value.unwrap_or(i64::MIN));
                Some(())
            }
        };
        if pushed.is_none() {
            self.widen();
            self.push(value);
        }
    }

    /// Adds a stretch of another column.
    pub fn append(&mut self, other: &Self, places: Range<usize>) {
        match (&mut *self, other) {
            (Self::Tiny(all), Self::Tiny(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Small(all), Self::Small(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            (Self::Wide(all), Self::Wide(more)) => {
                all.extend_from_slice(more.get(places).unwrap_or_default());
            }
            // One is narrower than the other.
            _ => places.for_each(|at| self.push(other.get(at))),
        }
    }

    /// Makes it one step wider, with as much room.
    fn widen(&mut self) {
        match self {
            Self::Tiny(values) => {
                let mut wider = Vec::with_capacity(values.capacity());
                let widened = |v: &i8| if *v == i8::MIN { i32::MIN } else { i32::from(*v) };
                wider.extend(values.iter().map(widened));
                *self = Self::Small(wider);
            }
            Self::Small(values) => {
                let mut wider = Vec::with_capacity(values.capacity());
                let widened = |v: &i32| if *v == i32::MIN { i64::MIN } else { i64::from(*v) };
                wider.extend(values.iter().map(widened));
                *self = Self::Wide(wider);
            }
            Self::Wide(_) => {}
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<i64>> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// The number in a narrower width, whose least stands for nothing; none where it does not fit.
fn narrow<T: TryFrom<i64> + PartialEq>(value: Option<i64>, least: T) -> Option<T> {
    let Some(value) = value else { return Some(least) };
    T::try_from(value).ok().filter(|value| *value != least)
}

impl FromIterator<Option<i64>> for Wholes {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> Self {
        let mut column = Self::default();
        values.into_iter().for_each(|value| column.push(value));
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
            any::<i32>().prop_map(i64::from),
            any::<i64>().prop_filter("the least is nothing", |n| *n != i64::MIN),
        ])
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(values in prop::collection::vec(numbers(), 0..40)) {
            let column: Wholes = values.iter().copied().collect();
            prop_assert_eq!(column.iter().collect::<Vec<_>>(), values.clone());
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
    #[test]
    fn a_column_is_as_wide_as_its_widest_number() {
        let width = |value| match Wholes::from_iter([None, Some(value)]) {
            Wholes::Tiny(_) => 1,
            Wholes::Small(_) => 4,
            Wholes::Wide(_) => 8,
        };
        assert_eq!([-127, 127, -128, 128, i64::from(i32::MAX)].map(width), [1, 1, 4, 4, 4]);
        assert_eq!([i64::from(i32::MIN), i64::MAX].map(width), [8, 8]);
        assert_eq!(Wholes::missing(3).iter().collect::<Vec<_>>(), [None; 3]);
    }
}
