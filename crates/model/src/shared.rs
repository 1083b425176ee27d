//! What several copies share until one of them changes it.
//!
//! A server publishes a register after every filing while pages still read the one before. Both are the same but for what was
//! filed, so a copy costs nothing until it is written to, and then only the part that is written.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::packed::{Input, Output, Packed};

/// A value that its copies share. Whoever changes it while others hold it gets one of its own.
///
/// ```
/// use hoptac_model::shared::Shared;
/// let before: Shared<Vec<u32>> = vec![1, 2].into();
/// let mut after = before.clone();
/// assert!(after.is_one_with(&before));
/// after.push(3);
/// assert_eq!((before.len(), after.len()), (2, 3));
/// ```
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Whether both are one value in memory and not only equal.
    pub fn is_one_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Clone> Shared<T> {
    /// The value itself: the only one where nobody else holds it, else a copy.
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> FromIterator<T> for Shared<Vec<T>> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Vec::from_iter(values).into()
    }
}

impl<'s, T> IntoIterator for &'s Shared<Vec<T>> {
    type Item = &'s T;
    type IntoIter = std::slice::Iter<'s, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Packed> Packed for Shared<T> {
    fn shape(shape: &mut String) {
        T::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        T::write(self, out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        T::read(input).map(Self::from)
    }
}
