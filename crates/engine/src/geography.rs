//! The units of a territory on a day, ordered so that everything below a unit stands right behind it, and the unit in
//! which a seat lies.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hoptac_model::ids::UnitId;
use hoptac_model::register::SeatDecision;
use hoptac_model::unit::{Level, Places, Unit};
use jiff::civil::Date;

/// A unit of the territory.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) unit: Unit,
    /// The index of the unit above it; none for the territory itself.
    pub(crate) parent: Option<usize>,
    /// One past the last index of what is below it.
    pub(crate) end: usize,
}

/// The tree of a territory on a day. A unit stands before those it is made of: the units of the whole subtree of the
/// unit at `i` are those from `i` to its `end`.
#[derive(Clone, Debug)]
pub(crate) struct Geography {
    pub(crate) day: Date,
    spots: Vec<Spot>,
    index: BTreeMap<UnitId, usize>,
}

/// Where a seat lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// In this unit.
    In(usize),
    /// Somewhere below this unit, it cannot be said where.
    Below(usize),
    /// Not in the territory.
    Outside,
}

impl Geography {
    /// The tree below the unit that `root` means on the day; empty where there is no such unit.
    pub(crate) fn new(places: &Places, root: &str, day: Date) -> Self {
        let mut geography = Self { day, spots: Vec::new(), index: BTreeMap::new() };
        if let Some(root) = places.find(root, day) {
            let children = children_below(places, root, day);
            geography.grow(root, None, &children);
        }
        for spot in &mut geography.spots {
            // The names of the day, which a unit may have changed since.
            let name = places.name_on(&spot.unit, day).to_owned();
            spot.unit.name = name;
        }
        geography
    }

    /// Puts the unit and everything below it behind what is there.
    fn grow(
        &mut self,
        unit: &Unit,
        parent: Option<usize>,
        children: &BTreeMap<&UnitId, Vec<&Unit>>,
    ) {
        let at = self.spots.len();
        self.index.insert(unit.id.clone(), at);
        self.spots.push(Spot { unit: unit.clone(), parent, end: at + 1 });
        for child in children.get(&unit.id).into_iter().flatten() {
            self.grow(child, Some(at), children);
        }
        let end = self.spots.len();
        if let Some(spot) = self.spots.get_mut(at) {
            spot.end = end;
        }
    }

    /// How many units there are.
    pub(crate) fn len(&self) -> usize {
        self.spots.len()
    }

    /// The units, each before those below it.
    pub(crate) fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// The index of a unit.
    pub(crate) fn find(&self, id: &UnitId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The unit at an index.
    pub(crate) fn spot(&self, index: usize) -> Option<&Spot> {
        self.spots.get(index)
    }

    /// The indexes of a unit and everything below it.
    pub(crate) fn subtree(&self, index: usize) -> Range<usize> {
        self.spot(index).map_or(0..0, |spot| index..spot.end)
    }

    /// The units of a level in the subtree of a unit.
    pub(crate) fn at_level(&self, index: usize, level: Level) -> impl Iterator<Item = usize> {
        self.subtree(index)
            .filter(move |i| self.spot(*i).is_some_and(|spot| spot.unit.level == level))
    }

    /// Whether the territory has units of the level.
    pub(crate) fn has_level(&self, level: Level) -> bool {
        self.spots.iter().any(|spot| spot.unit.level == level)
    }

    /// Where a seat lies. A seat that cannot be placed lies below the lowest unit that is certain: the first of the
    /// units above it, or of their successors, that belongs to the territory. A seat that nobody knows lies somewhere in
    /// the territory, because the register is that of the territory.
    pub(crate) fn place(
        &self,
        places: &Places,
        seat: &UnitId,
        former: Option<&UnitId>,
        decided: &[SeatDecision],
    ) -> Placement {
        if self.spots.is_empty() {
            return Placement::Outside;
        }
        let placing = places.placing(seat, former, decided, self.day);
        let exact = placing.unit().and_then(|unit| self.find(&unit.id));
        if let Some(index) = exact {
            return Placement::In(index);
        }
        let above = places.ancestry(seat);
        if above.is_empty() {
            return Placement::Below(0);
        }
        let certain = above.iter().skip(1).find_map(|unit| {
            self.find(&unit.id).or_else(|| {
                places.seat_on(&unit.id, None, self.day).and_then(|next| self.find(&next.id))
            })
        });
        certain.map_or(Placement::Outside, Placement::Below)
    }
}

/// The children of every unit below `root` that exists on the day. A few walks over the units of the day, one for each
/// level, are quicker than a map of the whole country, of which a province is a small part.
fn children_below<'a>(
    places: &'a Places,
    root: &'a Unit,
    day: Date,
) -> BTreeMap<&'a UnitId, Vec<&'a Unit>> {
    let of_day: Vec<(&UnitId, &Unit)> = places
        .all()
        .filter(|unit| unit.exists_on(day))
        .filter_map(|unit| Some((unit.parent.as_ref()?, unit)))
        .collect();
    let mut children: BTreeMap<&UnitId, Vec<&Unit>> = BTreeMap::new();
    let mut found: BTreeSet<&UnitId> = BTreeSet::from([&root.id]);
    let mut level = found.clone();
    while !level.is_empty() {
        let mut next = BTreeSet::new();
        for (parent, unit) in &of_day {
            // A loop in filed parents ends at the unit that was found before.
            if level.contains(parent) && found.insert(&unit.id) {
                children.entry(parent).or_default().push(unit);
                next.insert(&unit.id);
            }
        }
        level = next;
    }
    children
}
