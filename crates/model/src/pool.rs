//! Values that many records have in common, each held once.

use std::any::{Any, TypeId};
use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::FixedState;

type Known<T> = HashSet<Arc<T>, FixedState>;

/// Values of any type that were shared before.
///
/// ```
/// use std::sync::Arc;
/// use hoptac_model::pool::Pool;
/// let mut pool = Pool::default();
/// let first: Arc<str> = pool.share("hoa hồi".to_owned());
/// let again: Arc<str> = pool.share("hoa hồi".to_owned());
/// assert!(Arc::ptr_eq(&first, &again));
/// let stages: Arc<[u8]> = pool.share(vec![1, 5]);
/// assert_eq!(*stages, [1, 5]);
/// ```
#[derive(Default)]
pub struct Pool(HashMap<TypeId, Box<dyn Any + Send>, FixedState>);

impl Pool {
    /// The value that is equal to this one, which becomes it where there was none.
    pub fn share<T>(&mut self, value: impl Borrow<T> + Into<Arc<T>>) -> Arc<T>
    where
        T: Eq + Hash + Send + Sync + ?Sized + 'static,
    {
        let of_type = self.0.entry(TypeId::of::<T>());
        let known = of_type.or_insert_with(|| Box::<Known<T>>::default());
        // Under the type stands a set of that type and no other.
        let Some(known) = known.downcast_mut::<Known<T>>() else { return value.into() };
        if let Some(known) = known.get(value.borrow()) {
            return Arc::clone(known);
        }
        let value = value.into();
        known.insert(Arc::clone(&value));
        value
    }
}

impl Debug for Pool {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.0.len()).finish()
    }
}
