//! What an aggregate is in every unit and year, and what has to be remembered of it so that the change of one organisation can
//! be carried up the tree: exact sums, the values around which a middle lies, which rows count.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_model::formula::tree::Aggregate;
use hoptac_model::packed;
use hoptac_model::packed::{Input, Output, Packed};

use crate::aggregate::{Sum, Total, Window, middle, real_of_key};
use crate::bits::Bits;
use crate::distinct::{count_different, count_identities};
use crate::evaluate::{Exactness, Method, Part};
use crate::facts::{Moment, wide};
use crate::geography::Geography;
use crate::grid::Grid;
use crate::layout::{Several, Stretch};
use crate::sets::Sets;

/// What a fold is made over.
#[derive(Clone, Copy)]
pub(crate) struct Tree<'a> {
    pub(crate) geography: &'a Geography,
    pub(crate) moments: &'a [Moment],
}

impl Tree<'_> {
    /// How many units there are.
    pub(crate) fn units(&self) -> usize {
        self.geography.len()
    }

    /// How many units and moments there are.
    pub(crate) fn cells(&self) -> usize {
        self.moments.len() * self.units()
    }

    fn parent(&self, unit: usize) -> Option<usize> {
        self.geography.spot(unit)?.parent
    }

    /// A unit and those above it, up to the territory.
    pub(crate) fn path(&self, unit: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(unit), |unit| self.parent(*unit))
    }

    /// Adds what is below to what is above, at every moment. Units stand before what is below them, so from the back every
    /// unit is whole before it is added.
    pub(crate) fn roll_up<T>(&self, all: &mut [T], merge: impl Fn(&mut T, &T)) {
        for all in all.chunks_mut(self.units().max(1)) {
            for (unit, spot) in self.geography.spots().iter().enumerate().rev() {
                let Some(parent) = spot.parent else { continue };
                if let Ok([above, below]) = all.get_disjoint_mut([parent, unit]) {
                    merge(above, below);
                }
            }
        }
    }

    /// The units right below one, last first: the order in which [`Tree::roll_up`] adds them.
    fn children(&self, unit: usize) -> Vec<usize> {
        let end = self.geography.subtree(unit).end;
        let mut children = Vec::new();
        let mut child = unit + 1;
        while child < end {
            children.push(child);
            child = self.geography.subtree(child).end.max(child + 1);
        }
        children.reverse();
        children
    }
}

/// An aggregate with its values.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) aggregate: Aggregate,
    pub(crate) method: Method,
    pub(crate) grid: Arc<Grid>,
    state: State,
}

/// What is remembered. Where a list is by cell, that is by moment, then unit.
#[derive(Clone, Debug)]
enum State {
    /// Counts are only kept until they are rolled up: the grid has them exactly.
    Counts(Vec<u32>),
    Sums(Vec<Sum>),
    /// Sums of broken numbers depend on the order in which they are added, so they are added anew: what a unit has of its
    /// own, and with all below.
    Totals {
        own: Vec<Total>,
        all: Vec<Total>,
    },
    /// The keys that a unit has of its own, and those around the middle of it and all below where they are many.
    Middles {
        own: Vec<Vec<i64>>,
        windows: BTreeMap<usize, Window>,
    },
    /// Which organisations count, by organisation, then moment.
    Several(Bits),
    /// The keys that a unit has of its own, in order, each with how many rows have it.
    Distinct(Vec<Vec<(i64, u32)>>),
}

packed!(
    State
        | Counts(all: Vec<u32>)
        | Sums(all: Vec<Sum>)
        | Totals { own: Vec<Total>, all: Vec<Total> }
        | Middles { own: Vec<Vec<i64>>, windows: BTreeMap<usize, Window> }
        | Several(counts: Bits)
        | Distinct(own: Vec<Vec<(i64, u32)>>)
);

impl Fold {
    /// An aggregate of which no part was taken in yet.
    pub(crate) fn new(aggregate: &Aggregate, method: Method, tree: Tree<'_>) -> Self {
        let cells = tree.cells();
        let state = match method {
            Method::Count => State::Counts(vec![0; cells]),
            Method::Sum => State::Sums(vec![Sum::default(); cells]),
            Method::Total => State::Totals { own: vec![Total::default(); cells], all: Vec::new() },
            Method::Middle(_) => {
                State::Middles { own: vec![Vec::new(); cells], windows: BTreeMap::new() }
            }
            Method::Several(_) => State::Several(Bits::default()),
            Method::Distinct => State::Distinct(vec![Vec::new(); cells]),
        };
        let grid = Arc::new(Grid::from_values(tree.units(), std::iter::empty()));
        Self { aggregate: aggregate.clone(), method, grid, state }
    }

    /// The shape of what is written of a fold.
    pub(crate) fn shape(shape: &mut String) {
        <(State, Grid)>::shape(shape);
    }

    /// Writes what is remembered, and the values.
    pub(crate) fn write(&self, out: &mut Output<'_>) {
        self.state.write(out);
        self.grid.write(out);
    }

    /// Reads what was written of a fold of the same aggregate.
    pub(crate) fn read(&mut self, input: &mut Input<'_>) -> Option<()> {
        let state = State::read(input)?;
        if std::mem::discriminant(&state) != std::mem::discriminant(&self.state) {
            return None;
        }
        self.state = state;
        self.grid = Arc::new(Packed::read(input)?);
        Some(())
    }

    /// Takes in what a unit has of its own.
    pub(crate) fn take(&mut self, unit: usize, part: Part, tree: Tree<'_>) {
        fn spread<T>(all: &mut [T], units: usize, unit: usize, of: impl IntoIterator<Item = T>) {
            for (place, value) in all.iter_mut().skip(unit).step_by(units.max(1)).zip(of) {
                *place = value;
            }
        }
        let units = tree.units();
        match (&mut self.state, part) {
            (State::Counts(all), Part::Counts(own)) => spread(all, units, unit, own),
            (State::Sums(all), Part::Sums(own)) => spread(all, units, unit, own),
            (State::Totals { own: all, .. }, Part::Totals(own)) => spread(all, units, unit, own),
            (State::Middles { own: all, .. }, Part::Keys(own)) => spread(all, units, unit, own),
            (State::Distinct(all), Part::Keys(own)) => {
                spread(all, units, unit, own.into_iter().map(counted));
            }
            (State::Several(counts), Part::Who(own)) => {
                for (organisation, moment) in own {
                    counts.set(wide(organisation) * tree.moments.len() + moment, true);
                }
            }
            // A method has parts of one kind.
            _ => {}
        }
    }

    /// Puts the parts together, once all of them were taken in.
    pub(crate) fn settle(&mut self, tree: Tree<'_>, homes: &Homes, sets: Option<&Sets>) {
        let (units, function) = (tree.units(), self.aggregate.function);
        let grid =
            match &mut self.state {
                State::Counts(all) => {
                    let mut all = std::mem::take(all);
                    tree.roll_up(&mut all, |above, below| *above += below);
                    Grid::from_values(units, all.into_iter().map(|count| Some(f64::from(count))))
                }
                State::Sums(all) => {
                    tree.roll_up(all, Sum::merge);
                    Grid::from_values(units, all.iter().map(|sum| sum.value(function)))
                }
                State::Totals { own, all } => {
                    all.clone_from(own);
                    tree.roll_up(all, Total::merge);
                    Grid::from_values(units, all.iter().map(|total| total.value(function)))
                }
                State::Middles { own, windows } => {
                    windows.clear();
                    middles(self.method, tree, own)
                }
                State::Several(counts) => {
                    let Some(sets) = sets else { return };
                    count_identities(tree, sets, homes, counts)
                }
                State::Distinct(own) => {
                    let mut keys: Vec<i64> = own.iter().flatten().map(|(key, _)| *key).collect();
                    keys.sort_unstable();
                    keys.dedup();
                    // Keys become their ranks, which are few and small.
                    count_different(tree, keys.len(), |unit, moment, of_unit| {
                        let own = own.get(moment * units + unit).into_iter().flatten();
                        of_unit.extend(own.filter_map(|(key, _)| {
                            u32::try_from(keys.binary_search(key).ok()?).ok()
                        }));
                    })
                }
            };
        self.grid = Arc::new(grid);
    }

    /// Carries a change of what a unit has of its own up the tree. `now` are the unit's facts after it, `anew` makes the
    /// part of them. Says at which moments something changed.
    pub(crate) fn change(
        &mut self,
        unit: usize,
        before: Option<Part>,
        after: Option<Part>,
        anew: impl FnOnce(&Aggregate, Method) -> Option<Part>,
        tree: Tree<'_>,
    ) -> Vec<usize> {
        if before == after {
            return Vec::new();
        }
        let moments = 0..tree.moments.len();
        let units = tree.units();
        let (function, method) = (self.aggregate.function, self.method);
        let grid = &mut self.grid;
        match &mut self.state {
            State::Counts(_) => {
                let count = |part: &Option<Part>, moment: usize| match part {
                    Some(Part::Counts(counts)) => counts.get(moment).copied().unwrap_or(0),
                    _ => 0,
                };
                let changed = |moment: &usize| count(&before, *moment) != count(&after, *moment);
                let changed: Vec<usize> = moments.filter(changed).collect();
                for moment in &changed {
                    let (old, new) = (count(&before, *moment), count(&after, *moment));
                    for above in tree.path(unit) {
                        let value = grid.value(*moment, above).unwrap_or(0.0);
                        let value = value - f64::from(old) + f64::from(new);
                        Arc::make_mut(grid).set(*moment, above, Some(value));
                    }
                }
                changed
            }
            State::Sums(sums) => {
                let sum = |part: &Option<Part>, moment: usize| match part {
                    Some(Part::Sums(sums)) => sums.get(moment).copied().unwrap_or_default(),
                    _ => Sum::default(),
                };
                let changed = |moment: &usize| sum(&before, *moment) != sum(&after, *moment);
                let changed: Vec<usize> = moments.filter(changed).collect();
                for moment in &changed {
                    let (old, new) = (sum(&before, *moment), sum(&after, *moment));
                    for above in tree.path(unit) {
                        if let Some(sum) = sums.get_mut(moment * units + above) {
                            sum.exchange(&old, &new);
                            Arc::make_mut(grid).set(*moment, above, sum.value(function));
                        }
                    }
                }
                changed
            }
            State::Totals { own, all } => {
                let Some(Part::Totals(now)) = anew(&self.aggregate, method)
                    .or_else(|| Some(Part::Totals(vec![Total::default(); tree.moments.len()])))
                else {
                    return Vec::new();
                };
                let mut changed = Vec::new();
                for (moment, now) in now.into_iter().enumerate() {
                    let base = moment * units;
                    let Some(place) = own.get_mut(base + unit).filter(|own| **own != now) else {
                        continue;
                    };
                    *place = now;
                    changed.push(moment);
                    for above in tree.path(unit) {
                        let Some(mut total) = own.get(base + above).copied() else { continue };
                        for child in tree.children(above) {
                            if let Some(below) = all.get(base + child) {
                                total.merge(below);
                            }
                        }
                        if let Some(place) = all.get_mut(base + above) {
                            *place = total;
                        }
                        Arc::make_mut(grid).set(moment, above, total.value(function));
                    }
                }
                changed
            }
            State::Middles { own, windows } => {
                let (mut before, mut after) = (by_moment(before), by_moment(after));
                let mut changed = Vec::new();
                for moment in moments {
                    let gone = before.get_mut(moment).map(std::mem::take).unwrap_or_default();
                    let new = after.get_mut(moment).map(std::mem::take).unwrap_or_default();
                    if gone == new {
                        continue;
                    }
                    changed.push(moment);
                    let base = moment * units;
                    if let Some(own) = own.get_mut(base + unit) {
                        for key in &gone {
                            if let Some(at) = own.iter().position(|known| known == key) {
                                own.swap_remove(at);
                            }
                        }
                        own.extend(&new);
                    }
                    for above in tree.path(unit) {
                        let subtree = tree.geography.subtree(above);
                        let runs = own.get(base + subtree.start..base + subtree.end);
                        let runs = runs.unwrap_or_default();
                        let found = middle_after(windows, base + above, runs, &gone, &new);
                        Arc::make_mut(grid).set(moment, above, found.map(|m| between(method, m)));
                    }
                }
                changed
            }
            State::Distinct(own) => {
                let (before, after) = (by_moment(before), by_moment(after));
                let mut changed = Vec::new();
                for moment in moments {
                    let base = moment * units;
                    let Some(mine) = own.get_mut(base + unit) else { continue };
                    let gone = before.get(moment).into_iter().flatten().map(|key| (*key, false));
                    let new = after.get(moment).into_iter().flatten().map(|key| (*key, true));
                    let mut differs = false;
                    // What is new goes in first, so that what is there before and after never looks gone.
                    for (key, is_new) in new.chain(gone) {
                        differs |= recount(mine, key, is_new);
                    }
                    if !differs {
                        continue;
                    }
                    changed.push(moment);
                    for above in tree.path(unit) {
                        let subtree = tree.geography.subtree(above);
                        let below = own.get(base + subtree.start..base + subtree.end);
                        let below = below.unwrap_or_default().iter().flatten();
                        let mut keys: Vec<i64> = below.map(|(key, _)| *key).collect();
                        keys.sort_unstable();
                        keys.dedup();
                        let count = u32::try_from(keys.len()).ok().map(f64::from);
                        Arc::make_mut(grid).set(moment, above, count);
                    }
                }
                changed
            }
            // Identities are carried by organisation.
            State::Several(_) => Vec::new(),
        }
    }

    /// Makes ready what the first filings would else wait for.
    pub(crate) fn prepare(&mut self, tree: Tree<'_>) {
        let State::Middles { own, windows } = &mut self.state else { return };
        for moment in 0..tree.moments.len() {
            for unit in 0..tree.units() {
                let (base, subtree) = (moment * tree.units(), tree.geography.subtree(unit));
                let runs = own.get(base + subtree.start..base + subtree.end).unwrap_or_default();
                if runs.iter().map(Vec::len).sum::<usize>() >= MANY {
                    let mut keys: Vec<i64> = runs.iter().flatten().copied().collect();
                    windows.insert(base + unit, Window::new(&mut keys));
                }
            }
        }
    }

    /// The column of identities that it counts.
    pub(crate) fn several(&self) -> Option<Several> {
        match self.method {
            Method::Several(several) => Some(several),
            Method::Count | Method::Sum | Method::Total | Method::Middle(_) | Method::Distinct => {
                None
            }
        }
    }

    /// Whether an organisation counts at a moment, where identities are counted.
    pub(crate) fn counts(&self, organisation: u32, moment: usize, moments: usize) -> bool {
        match &self.state {
            State::Several(counts) => counts.has(wide(organisation) * moments + moment),
            State::Counts(_)
            | State::Sums(_)
            | State::Totals { .. }
            | State::Middles { .. }
            | State::Distinct(_) => false,
        }
    }

    /// Says whether an organisation counts at a moment.
    pub(crate) fn set_counts(&mut self, organisation: u32, at: (usize, usize), does: bool) {
        let (moment, moments) = at;
        if let State::Several(counts) = &mut self.state {
            counts.set(wide(organisation) * moments + moment, does);
        }
    }

    /// Adds identities that a unit has for the first time at a moment, or takes off those that it has no longer. `others`
    /// are the units in which somebody else counts with the same identity.
    pub(crate) fn count_identity(
        &mut self,
        unit: usize,
        moment: usize,
        more: bool,
        others: &[usize],
        tree: Tree<'_>,
    ) {
        for above in tree.path(unit) {
            let subtree = tree.geography.subtree(above);
            // From here up the identity counts with or without this one.
            if others.iter().any(|other| subtree.contains(other)) {
                return;
            }
            let value = self.grid.value(moment, above).unwrap_or(0.0);
            let value = if more { value + 1.0 } else { value - 1.0 };
            Arc::make_mut(&mut self.grid).set(moment, above, Some(value));
        }
    }
}

/// How many keys a unit has, with all below, from which on it is worth while to remember those around the middle.
const MANY: usize = 1024;

/// The keys around the middle of a unit and all below, after some came and some went. `runs` are the keys as they are now.
fn middle_after(
    windows: &mut BTreeMap<usize, Window>,
    cell: usize,
    runs: &[Vec<i64>],
    gone: &[i64],
    new: &[i64],
) -> Option<(i64, i64)> {
    if let Some(window) = windows.get_mut(&cell) {
        for key in gone {
            window.remove(*key);
        }
        for key in new {
            window.add(*key);
        }
        if let Some(found) = window.middle() {
            return Some(found);
        }
    }
    let mut keys: Vec<i64> = runs.iter().flatten().copied().collect();
    if keys.len() < MANY {
        windows.remove(&cell);
        return middle(&mut keys);
    }
    let window = Window::new(&mut keys);
    let found = window.middle();
    windows.insert(cell, window);
    found
}

/// Which organisations have a row in which unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Homes {
    moments: usize,
    /// The unit of each organisation at each moment, by organisation; [`Homes::NOWHERE`] where it has no row.
    of_organisation: Vec<u32>,
}

packed!(Homes { moments, of_organisation });

impl Homes {
    /// Stands where an organisation has no row.
    pub(crate) const NOWHERE: u32 = u32::MAX;

    /// Nobody lives anywhere yet.
    pub(crate) fn new(moments: usize, organisations: usize) -> Self {
        Self { moments, of_organisation: vec![Self::NOWHERE; organisations * moments] }
    }

    /// Takes in where organisations are.
    pub(crate) fn take(&mut self, stretches: &[Stretch<'_>]) {
        for stretch in stretches {
            let start = wide(stretch.index) * self.moments;
            let moments = usize::from(stretch.moments.start)..usize::from(stretch.moments.end);
            self.make_room(start + self.moments);
            let places = self.of_organisation.get_mut(start + moments.start..start + moments.end);
            if let Some(places) = places {
                places.fill(stretch.unit);
            }
        }
    }

    /// The unit of an organisation at each moment.
    pub(crate) fn of(&self, organisation: u32) -> &[u32] {
        let start = wide(organisation) * self.moments;
        self.of_organisation.get(start..start + self.moments).unwrap_or_default()
    }

    /// The unit of an organisation at a moment.
    pub(crate) fn find(&self, organisation: u32, moment: usize) -> Option<usize> {
        let unit = self.of_organisation.get(wide(organisation) * self.moments + moment)?;
        (*unit != Self::NOWHERE).then(|| wide(*unit))
    }

    fn make_room(&mut self, end: usize) {
        if self.of_organisation.len() < end {
            self.of_organisation.resize(end, Self::NOWHERE);
        }
    }

    /// Says in which unit an organisation has its row.
    pub(crate) fn set(&mut self, organisation: u32, moment: usize, unit: Option<usize>) {
        let end = (wide(organisation) + 1) * self.moments;
        self.make_room(end);
        if let Some(place) = self.of_organisation.get_mut(end - self.moments + moment) {
            *place = unit.and_then(|unit| u32::try_from(unit).ok()).unwrap_or(Self::NOWHERE);
        }
    }
}

/// Keys in order, each with how often it comes.
fn counted(mut keys: Vec<i64>) -> Vec<(i64, u32)> {
    keys.sort_unstable();
    let runs = keys.chunk_by(|a, b| a == b);
    runs.filter_map(|run| Some((*run.first()?, u32::try_from(run.len()).ok()?))).collect()
}

/// Counts a key once more or once less. Says whether it came or went.
fn recount(keys: &mut Vec<(i64, u32)>, key: i64, more: bool) -> bool {
    match (keys.binary_search_by_key(&key, |(known, _)| *known), more) {
        (Ok(at), _) => {
            let Some((_, count)) = keys.get_mut(at) else { return false };
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
            let gone = *count == 0;
            if gone {
                keys.remove(at);
            }
            gone
        }
        (Err(at), true) => {
            keys.insert(at, (key, 1));
            true
        }
        (Err(_), false) => false,
    }
}

/// The keys of a part by moment.
fn by_moment(part: Option<Part>) -> Vec<Vec<i64>> {
    if let Some(Part::Keys(keys)) = part { keys } else { Vec::new() }
}

/// The middle between two keys.
fn between(method: Method, (lower, upper): (i64, i64)) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "exact up to nine million billions")]
    let number = |key: i64| {
        if method == Method::Middle(Exactness::Real) { real_of_key(key) } else { key as f64 }
    };
    if lower == upper { number(upper) } else { f64::midpoint(number(lower), number(upper)) }
}

/// The middle value of the rows of each unit, those of what is below it included.
///
/// The values of a unit are one run of those of its moment, and its parts are runs of that run. Each is put in order around
/// its middle where it stands, parts first: the order within a part does not matter to the whole.
fn middles(method: Method, tree: Tree<'_>, own: &[Vec<i64>]) -> Grid {
    let units = tree.units();
    let mut values = vec![None; tree.cells()];
    let moments = own.chunks(units.max(1));
    for (own, values) in moments.zip(values.chunks_mut(units.max(1))) {
        let mut starts = Vec::with_capacity(units + 1);
        let mut held: Vec<i64> = Vec::new();
        for own in own {
            starts.push(held.len());
            held.extend(own);
        }
        starts.push(held.len());
        for (unit, value) in values.iter_mut().enumerate().rev() {
            let subtree = tree.geography.subtree(unit);
            let run = starts.get(subtree.start).zip(starts.get(subtree.end));
            let run = run.and_then(|(start, end)| held.get_mut(*start..*end));
            *value = run.and_then(middle).map(|found| between(method, found));
        }
    }
    Grid::from_values(units, values.into_iter())
}
