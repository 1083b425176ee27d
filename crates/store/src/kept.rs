//! What seldom changes and nearly every filing is judged by, as it was read last, for all who write: the plan in force and the
//! places. Both are large, and to read them takes longer than all the rest of a filing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What something was read from: the hashes of the filings that spoke of it last. As each hash is over all filings before it, it
/// stands for everything that follows from them.
pub(crate) type Source = Vec<Option<String>>;

/// What was read last, with what it was read from.
#[derive(Debug)]
pub(crate) struct Kept<T>(Arc<Mutex<Option<Read<T>>>>);

type Read<T> = (Source, Arc<T>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Kept<T> {
    /// What was read from the same; none where something was filed since.
    pub(crate) fn find(&self, source: &Source) -> Option<Arc<T>> {
        let kept = self.lock();
        let (_, read) = kept.as_ref().filter(|(of, _)| of == source)?;
        Some(Arc::clone(read))
    }

    /// Keeps what was read.
    pub(crate) fn keep(&self, source: Source, read: T) -> Arc<T> {
        let read = Arc::new(read);
        *self.lock() = Some((source, Arc::clone(&read)));
        read
    }

    fn lock(&self) -> MutexGuard<'_, Option<Read<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What transactions keep for one another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    /// The plan in force.
    pub(crate) plan: Kept<crate::plan::PlanInForce>,
    /// All places.
    pub(crate) places: Kept<hoptac_model::unit::Places>,
}
