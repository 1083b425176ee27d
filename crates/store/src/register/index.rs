//! Where organisations stand in the register, by their identities as tables write them: looking them up as they are spares
//! parsing millions of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::fast::FixedState;

/// How many letters an identity has.
const WIDTH: usize = 36;
/// How many places from the last one on are looked at before an identity is looked up.
const NEAR: usize = 3;

/// The places of organisations. Rows mostly come in the order of the register, several of one organisation and then some of the
/// next, so that whoever finds one looks first where the last one was.
#[derive(Debug)]
pub(super) struct Index {
    ids: Arc<Ids>,
    last: AtomicUsize,
}

#[derive(Debug)]
struct Ids {
    /// All identities in their order, one behind the other.
    list: String,
    places: HashMap<String, u32, FixedState>,
}

impl Index {
    /// The places of organisations whose identities come in order.
    pub(super) fn new(ids: &[String]) -> Self {
        let places = ids.iter().cloned().zip(0..).collect();
        let ids = Arc::new(Ids { list: ids.concat(), places });
        Self { ids, last: AtomicUsize::new(0) }
    }

    /// The same for another reader.
    pub(super) fn again(&self) -> Self {
        Self { ids: Arc::clone(&self.ids), last: AtomicUsize::new(0) }
    }

    /// The place of an organisation.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let last = self.last.load(Ordering::Relaxed);
        let is_at = |at: &usize| self.ids.list.get(at * WIDTH..(at + 1) * WIDTH) == Some(id);
        if let Some(at) = (last..last + NEAR).find(is_at) {
            self.last.store(at, Ordering::Relaxed);
            return u32::try_from(at).ok();
        }
        let place = *self.ids.places.get(id)?;
        self.last.store(usize::try_from(place).ok()?, Ordering::Relaxed);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u32) -> String {
        format!("01890000-0000-7000-9000-{number:012}")
    }

    proptest! {
        #[test]
        fn each_is_found_whoever_was_found_before(asked in prop::collection::vec(0..12_u32, 0..40)) {
            let ids: Vec<String> = (0..9).map(id).collect();
            let (index, known) = (Index::new(&ids), |number: &u32| *number < 9);
            let other = index.again();
            for number in asked {
                let id = id(number);
                let want = Some(number).filter(known);
                prop_assert_eq!((index.find(&id), other.find(&id)), (want, want));
                prop_assert_eq!(index.find(&id[..35]), None);
            }
        }
    }
}
