//! The names of a register, made ready once: as they are searched, and in the order of the alphabet.

use std::cmp::Ordering;
use std::sync::Arc;

use hoptac_model::blocks::Blocks;
use hoptac_model::register::Register;
use hoptac_model::search::Terms;
use hoptac_model::text::fold;

/// The names of all organisations. A copy shares them until one changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(Arc<Kept>);

#[derive(Clone, Debug, Default)]
struct Kept {
    names: Blocks<Name>,
    /// Organisations in the order of their names, of equal ones the earlier first.
    order: Vec<u32>,
    /// Where in that order each organisation stands.
    rank: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Name {
    folded: Arc<str>,
    terms: Terms,
}

impl Names {
    /// The names of a register.
    pub(crate) fn of(register: &Register) -> Self {
        let names = register.organisations.iter().map(|one| Name::of(&one.name)).collect();
        let mut kept = Kept { names, ..Kept::default() };
        kept.order = (0..whole(kept.names.len())).collect();
        let mut order = std::mem::take(&mut kept.order);
        order.sort_by(|one, other| kept.compare(*one, *other));
        kept.order = order;
        kept.stand();
        Self(Arc::new(kept))
    }

    /// The names after filings about some organisations, from those before.
    pub(crate) fn after(&self, register: &Register, changed: &[u32]) -> Self {
        let mut names = self.clone();
        for index in changed {
            let Some(one) = register.organisation(*index) else { continue };
            let folded = fold(&one.name);
            if names.0.name(*index).is_some_and(|known| *known.folded == *folded) {
                continue;
            }
            Arc::make_mut(&mut names.0).set(*index, Name::of(&one.name));
        }
        names
    }

    /// A name as it is searched.
    pub(crate) fn terms(&self, index: u32) -> Option<&Terms> {
        self.0.name(index).map(|name| &name.terms)
    }

    /// Where an organisation stands in the order of names.
    pub(crate) fn rank(&self, index: u32) -> u32 {
        let at = usize::try_from(index).ok().and_then(|at| self.0.rank.get(at));
        at.copied().unwrap_or(u32::MAX)
    }
}

impl Name {
    fn of(name: &str) -> Self {
        Self { folded: fold(name).into(), terms: Terms::of(name) }
    }
}

impl Kept {
    fn name(&self, index: u32) -> Option<&Name> {
        self.names.get(usize::try_from(index).ok()?)
    }

    fn compare(&self, one: u32, other: u32) -> Ordering {
        let folded = |index| self.name(index).map(|name| &*name.folded);
        folded(one).cmp(&folded(other)).then(one.cmp(&other))
    }

    /// Gives an organisation another name, or a new one, which stands behind all others, its first.
    fn set(&mut self, index: u32, name: Name) {
        let Ok(at) = usize::try_from(index) else { return };
        match self.names.get_mut(at) {
            Some(known) => {
                *known = name;
                self.order.retain(|one| *one != index);
            }
            None => self.names.push(name),
        }
        let before = self.order.partition_point(|one| self.compare(*one, index).is_lt());
        self.order.insert(before, index);
        self.stand();
    }

    fn stand(&mut self) {
        self.rank = vec![0; self.order.len()];
        for (at, index) in self.order.iter().enumerate() {
            let place = usize::try_from(*index).ok().and_then(|index| self.rank.get_mut(index));
            if let Some(place) = place {
                *place = whole(at);
            }
        }
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::organisation::Organisation;

    fn register(names: &[&str]) -> Register {
        let organisations = names.iter().zip(1_u128..).map(|(name, id)| Organisation {
            id: hoptac_model::ids::OrganisationId(uuid::Uuid::from_u128(id)),
            code: None,
            name: (*name).to_owned(),
            founded_on: jiff::civil::date(2020, 1, 1),
            synthetic: true,
        });
        Register { organisations: organisations.collect(), ..Register::default() }
    }

    #[track_caller]
    fn stand(names: &Names, register: &Register) {
        let anew = Names::of(register);
        assert_eq!((&names.0.order, &names.0.rank), (&anew.0.order, &anew.0.rank));
        for index in 0..whole(register.organisations.len()) {
            assert_eq!(names.terms(index), anew.terms(index));
        }
    }

    #[test]
    fn names_that_changed_stand_where_they_would_anew() {
        let names = Names::of(&register(&["HTX Bình An", "HTX An Bình", "THT Cam"]));
        assert_eq!([0, 1, 2].map(|index| names.rank(index)), [1, 0, 2]);
        let renamed = register(&["HTX Bình An", "HTX Xuân", "THT Cam"]);
        let after = names.after(&renamed, &[1]);
        stand(&after, &renamed);
        let more = register(&["HTX Bình An", "HTX Xuân", "THT Cam", "HTX An Bình"]);
        stand(&after.after(&more, &[3]), &more);
        let same = after.after(&renamed, &[0, 2]);
        assert!(Arc::ptr_eq(&same.0, &after.0), "names that stay are shared");
    }
    #[test]
    fn equal_names_stand_in_the_order_of_the_register() {
        let names = Names::of(&register(&["HTX A", "HTX B", "HTX A"]));
        assert_eq!([0, 1, 2].map(|index| names.rank(index)), [0, 2, 1]);
    }
}
