//! Distinct counts over a tree of units: what comes several times below a unit counts once in it.
//!
//! Every unit counts what its own rows bring, and what comes in two places is taken off again in the lowest unit that both lie
//! in: there, and in all above, it would count twice. What remains adds up the tree. Units stand before what is below them and
//! everything below a unit stands in one run, so that of all the places of an identity only neighbours have to be compared.

use std::ops::Range;

use hoptac_model::roll::Rolls;

use crate::bits::Bits;
use crate::facts::wide;
use crate::fold::{self, Tree};
use crate::grid::Grid;
use crate::sets::Sets;

/// How many stays are held at a time by each of two. In tests so few that there are several rounds.
const ROUND: usize = if cfg!(debug_assertions) { 2 } else { 3 << 19 };

/// How many identities are counted together, so that their stays lie near the processor. In tests so few that there are several
/// lots of them.
const LOT: usize = if cfg!(debug_assertions) { 2 } else { 1 << 15 };

/// A span of one identity in a unit: from one place in the order of the moments until another.
#[derive(Clone, Copy, Default)]
struct Stay {
    /// The identity, by its place in its lot.
    id: u16,
    from: u16,
    until: u16,
    unit: u32,
}

/// How many different identities the organisations of each unit have, those of what is below it included. `homes` says in which
/// unit an organisation has its row, and `counts`, by organisation and moment, whether it counts there.
///
/// A member of ten years is one stay and not ten: what begins and ends is noted at its first and last moment alone. Stays are
/// put into lots of neighbouring identities first, and each lot into the order of its identities where it fits near the
/// processor: to go back and forth in memory for each of eight million memberships would take three times as long.
pub(crate) fn count_identities(
    tree: Tree<'_>,
    sets: &Sets,
    homes: &fold::Homes,
    counts: &Bits,
) -> Grid {
    let homes = Homes::new(&sets.rolls, sets.calendar.order(), homes, counts);
    let lots = sets.rolls.persons().div_ceil(LOT);
    let rounds = sets.rolls.len().div_ceil(ROUND).clamp(1, lots.max(1));
    if rounds == 1 {
        return changes(tree, sets, &homes, 0..lots, rounds).into_grid(tree, sets.calendar.order());
    }
    // What identities change adds up, so that two may count half of them each.
    let (rounds, middle) = (rounds.div_ceil(2), lots / 2);
    let (mut first, last) = std::thread::scope(|scope| {
        let last = scope.spawn(|| changes(tree, sets, &homes, middle..lots, rounds));
        let first = changes(tree, sets, &homes, 0..middle, rounds);
        (first, last.join())
    });
    match last {
        Ok(last) => first.extend(&last),
        // Whoever counted the others has told of its panic already, which is this one's too.
        Err(panic) => std::panic::resume_unwind(panic),
    }
    first.into_grid(tree, sets.calendar.order())
}

/// What the identities of some lots change, in so many rounds.
fn changes(
    tree: Tree<'_>,
    sets: &Sets,
    homes: &Homes,
    lots: Range<usize>,
    rounds: usize,
) -> Changes {
    let mut changes = Changes::new(tree);
    let mut of_round: Vec<Vec<Stay>> = vec![Vec::new(); lots.len().div_ceil(rounds)];
    let mut sorting = Sorting::default();
    for first in lots.clone().step_by(of_round.len().max(1)) {
        let round = of_round.len().min(lots.end - first);
        let Some(of_round) = of_round.get_mut(..round) else { continue };
        for organisation in sets.rolls.organisations() {
            let own = homes.of(organisation);
            if own.is_empty() {
                continue;
            }
            sets.rolls.of(organisation).each(|id, from, until| {
                let at = (wide(id) / LOT).wrapping_sub(first);
                let Some(lot) = of_round.get_mut(at) else { return };
                let (from, until) = (sets.calendar.rank(from), sets.calendar.rank(until));
                for lives in own {
                    let (from, until) = (from.max(lives.from), until.min(lives.until));
                    if from < until {
                        let id = u16::try_from(wide(id) % LOT).unwrap_or(0);
                        lot.push(Stay { id, from, until, unit: lives.unit });
                    }
                }
            });
        }
        for lot in of_round.iter_mut().filter(|lot| !lot.is_empty()) {
            sorting.each_identity(lot, |stays| changes.add(stays));
            lot.clear();
        }
    }
    changes
}

/// Puts the stays of a lot into the order of their identities.
#[derive(Default)]
struct Sorting {
    ends: Vec<u32>,
    sorted: Vec<Stay>,
}

impl Sorting {
    /// Visits the stays of each identity.
    fn each_identity(&mut self, lot: &[Stay], mut visit: impl FnMut(&mut [Stay])) {
        self.ends.clear();
        self.ends.resize(LOT, 0);
        for stay in lot {
            if let Some(count) = self.ends.get_mut(usize::from(stay.id)) {
                *count += 1;
            }
        }
        let mut total = 0;
        for end in &mut self.ends {
            // Where each identity begins; it ends there once its stays are in their places.
            total += std::mem::replace(end, total);
        }
        self.sorted.resize(lot.len(), Stay::default());
        for stay in lot {
            let Some(end) = self.ends.get_mut(usize::from(stay.id)) else { continue };
            if let Some(place) = self.sorted.get_mut(wide(*end)) {
                *place = *stay;
            }
            *end += 1;
        }
        let mut start = 0;
        for end in &self.ends {
            if let Some(stays) = self.sorted.get_mut(start..wide(*end)).filter(|s| !s.is_empty()) {
                visit(stays);
            }
            start = wide(*end);
        }
    }
}

/// Where organisations count, and when.
struct Homes {
    starts: Vec<u32>,
    stays: Vec<Stay>,
}

impl Homes {
    fn new(rolls: &Rolls, order: &[usize], all: &fold::Homes, counts: &Bits) -> Self {
        let mut homes = Self { starts: vec![0], stays: Vec::new() };
        for organisation in rolls.organisations() {
            let start = homes.stays.len();
            let order = if rolls.of(organisation).is_empty() { &[] } else { order };
            let own = all.of(organisation);
            for (at, moment) in (0_u16..).zip(order) {
                let Some(unit) = own.get(*moment).copied() else { continue };
                if unit == fold::Homes::NOWHERE
                    || !counts.has(wide(organisation) * own.len() + moment)
                {
                    continue;
                }
                match homes.stays.get_mut(start..).and_then(<[Stay]>::last_mut) {
                    Some(last) if last.unit == unit && last.until == at => last.until = at + 1,
                    _ => homes.stays.push(Stay { id: 0, from: at, until: at + 1, unit }),
                }
            }
            homes.starts.push(place(homes.stays.len()));
        }
        homes
    }

    fn of(&self, organisation: u32) -> &[Stay] {
        let at = wide(organisation);
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        let range = range.map(|(start, end)| wide(*start)..wide(*end));
        range.and_then(|range| self.stays.get(range)).unwrap_or_default()
    }
}

/// By how much the count of each unit changes from one moment to the next, in the order of their days.
struct Changes {
    /// By unit, then moment; one more moment at the end.
    by: Vec<i32>,
    moments: usize,
    parents: Vec<u32>,
    /// In which unit the identity at hand was met last, by moment.
    last: Vec<u32>,
}

impl Changes {
    const NOWHERE: u32 = u32::MAX;

    fn new(tree: Tree<'_>) -> Self {
        let moments = tree.moments.len();
        let spots = tree.geography.spots().iter();
        Self {
            by: vec![0; tree.units() * (moments + 1)],
            moments,
            last: vec![Self::NOWHERE; moments],
            parents: spots.map(|spot| place(spot.parent.unwrap_or(0))).collect(),
        }
    }

    /// Adds the stays of one identity.
    fn add(&mut self, stays: &mut [Stay]) {
        for stay in &*stays {
            self.note(stay.unit, stay.from, stay.until, 1);
        }
        match stays {
            [] | [_] => {}
            [one, other] => {
                let (from, until) = (one.from.max(other.from), one.until.min(other.until));
                self.take_off(one.unit, other.unit, from, until);
            }
            _ => {
                stays.sort_unstable_by_key(|stay| stay.unit);
                self.last.fill(Self::NOWHERE);
                for stay in &*stays {
                    self.follow(stay);
                }
            }
        }
    }

    /// Takes off what would count twice of a stay and those that came before it in the order of the units.
    fn follow(&mut self, stay: &Stay) {
        let mut from = stay.from;
        while from < stay.until {
            let at = usize::from(from)..usize::from(stay.until);
            let Some(last) = self.last.get_mut(at) else { return };
            let Some(before) = last.first().copied() else { return };
            // Moments at which the one before lies in the same unit go together.
            let same = last.iter().take_while(|unit| **unit == before).count();
            last.iter_mut().take(same).for_each(|unit| *unit = stay.unit);
            let until = from + u16::try_from(same).unwrap_or(u16::MAX);
            if before != Self::NOWHERE {
                self.take_off(before, stay.unit, from, until);
            }
            from = until;
        }
    }

    /// Takes off what would count twice.
    fn take_off(&mut self, one: u32, other: u32, from: u16, until: u16) {
        if from >= until {
            return;
        }
        let (earlier, mut common) = (one.min(other), one.max(other));
        // Up to the first unit that the earlier one lies in too.
        while common > earlier {
            common = self.parents.get(wide(common)).copied().unwrap_or(0);
        }
        self.note(common, from, until, -1);
    }

    fn note(&mut self, unit: u32, from: u16, until: u16, by: i32) {
        let start = wide(unit) * (self.moments + 1);
        if let Some(change) = self.by.get_mut(start + usize::from(from)) {
            *change += by;
        }
        if let Some(change) = self.by.get_mut(start + usize::from(until)) {
            *change -= by;
        }
    }

    /// Adds what other identities change.
    fn extend(&mut self, others: &Self) {
        for (change, other) in self.by.iter_mut().zip(&others.by) {
            *change += other;
        }
    }

    /// The counts, once all below was added.
    fn into_grid(self, tree: Tree<'_>, order: &[usize]) -> Grid {
        let units = tree.units();
        let mut counts = vec![0_i64; tree.cells()];
        for (unit, changes) in self.by.chunks(self.moments + 1).enumerate() {
            let mut count = 0;
            for (moment, change) in order.iter().zip(changes) {
                count += i64::from(*change);
                if let Some(place) = counts.get_mut(moment * units + unit) {
                    *place = count;
                }
            }
        }
        tree.roll_up(&mut counts, |above, below| *above += below);
        let counts = counts.into_iter().map(|count| u32::try_from(count).ok().map(f64::from));
        Grid::from_values(units, counts)
    }
}

/// A place in a list as a small number.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// How many different keys below a bound the rows of each unit have, those of what is below it included. `of_unit` adds the
/// keys that a unit has of its own at a moment to a list.
///
/// Of all the places of a key the last one it was met in is enough, and one walk over the rows is too.
pub(crate) fn count_different(
    tree: Tree<'_>,
    bound: usize,
    of_unit: impl Fn(usize, usize, &mut Vec<u32>),
) -> Grid {
    let units = tree.units();
    let parents: Vec<usize> =
        tree.geography.spots().iter().map(|spot| spot.parent.unwrap_or(0)).collect();
    // The place in which each key was met last, counted over all moments from one on.
    let mut met = vec![0_u32; bound];
    let mut keys = Vec::new();
    let mut counts = vec![0_i64; tree.cells()];
    for (moment, counts) in counts.chunks_mut(units.max(1)).enumerate() {
        let before = moment * units;
        for unit in 0..units {
            let place = u32::try_from(before + unit + 1).unwrap_or(u32::MAX);
            keys.clear();
            of_unit(unit, moment, &mut keys);
            let mut first = 0;
            // What millions of keys were met in lies all over memory. Asked for in large lots, it comes in large lots.
            for lot in keys.chunks(1024) {
                let touched = lot.iter().filter_map(|key| met.get(wide(*key)));
                std::hint::black_box(touched.fold(0, |all, last| all | last));
                for key in lot {
                    let Some(last) = met.get_mut(wide(*key)).filter(|last| **last != place) else {
                        continue;
                    };
                    first += 1;
                    if let Some(earlier) = wide(*last).checked_sub(before + 1) {
                        // An earlier unit of this moment: up to the first unit that it lies in too.
                        let mut common = unit;
                        while common > earlier {
                            common = parents.get(common).copied().unwrap_or(0);
                        }
                        if let Some(count) = counts.get_mut(common) {
                            *count -= 1;
                        }
                    }
                    *last = place;
                }
            }
            if let Some(count) = counts.get_mut(unit) {
                *count += first;
            }
        }
        for unit in (1..units).rev() {
            let own = counts.get(unit).copied().unwrap_or(0);
            if let Some(above) = parents.get(unit).and_then(|parent| counts.get_mut(*parent)) {
                *above += own;
            }
        }
    }
    let counts = counts.into_iter().map(|count| u32::try_from(count).ok().map(f64::from));
    Grid::from_values(units, counts)
}
