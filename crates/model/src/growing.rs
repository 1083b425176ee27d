//! A column of whole numbers that only grows, and of which copies share what stands in it.
//!
//! Every yearly return adds a number to sixty columns. Were each one list, whoever files a return would copy what all returns
//! before it said; so what comes once others hold the column begins a stretch of its own, and a stretch that is full stays as it is.

use std::sync::Arc;

use crate::packed::{Input, Output, Packed};
use crate::whole::Wholes;

/// How many numbers a stretch takes that began behind others.
const STRETCH: usize = 1024;

/// Whole numbers, each or nothing, by the place at which they were added.
///
/// ```
/// use hoptac_model::growing::Growing;
/// let before: Growing = [Some(7), None].into_iter().collect();
/// let mut after = before.clone();
/// after.push(Some(-1));
/// assert_eq!((after.get(0), after.get(1), after.get(2)), (Some(7), None, Some(-1)));
/// assert_eq!((before.len(), after.len()), (2, 3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Growing(Vec<Arc<Wholes>>);

impl Growing {
    /// How many places it has.
    pub fn len(&self) -> usize {
        self.0.iter().map(|stretch| stretch.len()).sum()
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place; none where it is missing or there is no such place.
    pub fn get(&self, mut at: usize) -> Option<i64> {
        for stretch in &self.0 {
            match at.checked_sub(stretch.len()) {
                None => return stretch.get(at),
                Some(rest) => at = rest,
            }
        }
        None
    }

    /// Adds a number or nothing.
    pub fn push(&mut self, value: Option<i64>) {
        let is_first = self.0.len() == 1;
        if let Some(last) = self.0.last_mut() {
            // Whoever holds the first stretch alone fills it, as long as it may get: it is being read.
            if is_first && let Some(only) = Arc::get_mut(last) {
                only.push(value);
                return;
            }
            if !is_first && last.len() < STRETCH {
                Arc::make_mut(last).push(value);
                return;
            }
        }
        self.0.push(Arc::new([value].into_iter().collect()));
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<i64>> {
        self.0.iter().flat_map(|stretch| stretch.iter())
    }

    /// What stands at some places, in their order; nothing for a place that is not there.
    #[must_use]
    pub fn gather(&self, places: &[u32]) -> Wholes {
        let Some((first, rest)) = self.0.split_first() else {
            return Wholes::missing(places.len());
        };
        let mut gathered = first.gather(places);
        if !rest.is_empty() {
            for (at, place) in places.iter().enumerate() {
                let place = usize::try_from(*place).unwrap_or(usize::MAX);
                if place >= first.len()
                    && let Some(value) = self.get(place)
                {
                    gathered.set(at, Some(value));
                }
            }
        }
        gathered
    }

    /// All of it as one list.
    #[must_use]
    pub fn join(&self) -> Wholes {
        let mut stretches = self.0.iter();
        let mut all = stretches.next().map_or_else(Wholes::default, |first| Wholes::clone(first));
        stretches.for_each(|stretch| all.append(stretch, 0..stretch.len()));
        all
    }

    /// Whether both are one in memory and not only equal.
    pub fn is_one_with(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl PartialEq for Growing {
    fn eq(&self, other: &Self) -> bool {
        self.is_one_with(other) || self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Growing {}

impl From<Wholes> for Growing {
    fn from(values: Wholes) -> Self {
        Self(vec![Arc::new(values)])
    }
}

impl FromIterator<Option<i64>> for Growing {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> Self {
        Wholes::from_iter(values).into()
    }
}

/// It is packed as one stretch, so that what was read back is as quick as what was never added to.
impl Packed for Growing {
    fn shape(shape: &mut String) {
        Wholes::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        match self.0.as_slice() {
            [only] => only.write(out),
            _ => self.join().write(out),
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Wholes::read(input).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_added_however_many_hold_it(
            turns in prop::collection::vec((prop::option::of(-9_i64..9_000_000_000), 1..700_usize, any::<bool>()), 0..12),
            places in prop::collection::vec(0..5000_u32, 0..50),
        ) {
            let mut list = Vec::new();
            let mut column = Growing::default();
            let mut held = Vec::new();
            for (value, count, holds) in turns {
                for _ in 0..count {
                    column.push(value);
                    list.push(value);
                }
                if holds {
                    held.push((column.clone(), list.clone()));
                }
            }
            held.push((column, list));
            for (column, list) in &held {
                prop_assert_eq!(&column.iter().collect::<Vec<_>>(), list);
                prop_assert_eq!((column.len(), column.is_empty()), (list.len(), list.is_empty()));
                let gathered = column.gather(&places);
                let want: Vec<_> = places.iter().map(|at| list.get(*at as usize).copied().flatten()).collect();
                prop_assert_eq!(gathered.iter().collect::<Vec<_>>(), want.clone());
                prop_assert_eq!(places.iter().map(|at| column.get(*at as usize)).collect::<Vec<_>>(), want);
                prop_assert_eq!(column, &list.iter().copied().collect::<Growing>());
            }
        }
    }

    #[test]
    fn who_adds_to_what_others_hold_copies_a_stretch_at_most() {
        let before: Growing = vec![Some(1); 5000].into_iter().collect();
        let mut after = before.clone();
        let _held: Vec<Growing> = (0..1025)
            .map(|_| {
                after.push(Some(2));
                after.clone()
            })
            .collect();
        assert!(Arc::ptr_eq(&before.0[0], &after.0[0]));
        assert_eq!(
            after.0.iter().map(|stretch| stretch.len()).collect::<Vec<_>>(),
            [5000, 1024, 1]
        );
        assert!(!after.is_one_with(&before));
    }
}
