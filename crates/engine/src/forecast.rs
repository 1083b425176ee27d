//! The forecast: where every target is heading, how sure that is, how such forecasts did before, and what is needed.
//!
//! Pure: the same board, register and seed give the same forecasts, bit for bit. `docs/forecast.md` tells the methods with
//! their sources.
//!
//! ```text
//! facts ─► history ─► flows (rates ─► paths of tallies) ─┐
//! board ─► walk (shares, averages) ──────────────────────┼─► quantity ─► fan, probability, back-test
//! figures ─► totals ─────────────────────────────────────┘            └► pace, gap
//! ```

pub(crate) mod chance;
mod fan;
mod flows;
mod history;
mod pace;
pub(crate) mod projection;
pub(crate) mod quantity;
pub mod series;
pub(crate) mod shape;
mod spread;
mod totals;
mod walk;
mod what_if;

use std::collections::BTreeMap;

use hoptac_model::date::{days_between, year_end};
use hoptac_model::forecast::{BackTest, Forecast, Forecasts};
use hoptac_model::ids::UnitId;
use hoptac_model::register::Register;
use hoptac_model::target::Scope;
use hoptac_model::unit::{Level, Places};
use jiff::civil::Date;

use crate::board::Board;
use crate::forecast::fan::Speaker;
use crate::forecast::flows::{Draws, Rates, Step};
use crate::forecast::projection::{Projection, Tallies, World};
use crate::forecast::quantity::Reading;
use crate::measure::Measured;

pub use self::what_if::what_if;

/// The seed of chance where nobody chooses another.
pub const SEED: u64 = 115;
/// How many paths are drawn.
const PATHS: usize = 1000;
/// How many of them the fans of the units below the territory are read from.
const PATHS_OF_UNITS: usize = 400;
/// How many paths a forecast of a back-test has.
const PATHS_OF_TESTS: usize = 200;
/// How many years ahead a back-test looks.
const YEARS_OF_TESTS: usize = 3;
/// How many whole years the register must have been kept for.
const LEAST_YEARS: usize = 3;

/// Forecasts every target for every unit of a board. The same seed gives the same forecasts.
pub fn compute(board: &Board, register: &Register, places: &Places, seed: u64) -> Forecasts {
    let mut forecasts = Forecasts {
        ledger_position: board.position(),
        as_of: board.as_of(),
        geography: board.geography(),
        seed,
        units: BTreeMap::new(),
    };
    let readings = readings(board);
    let steps = steps(board);
    let here = World::new(board, &board.measured, &readings, register, places);
    let back_tests = back_tests(&here, seed);
    // Targets for each unit of a level that the asked geography has not are simulated on the plan's own.
    let of_plan = board.of_plan.as_ref().map(|measured| {
        let world = World::new(board, measured, &readings, register, places);
        let last = floors_end(board);
        let near: Vec<Step> = steps.iter().copied().filter(|step| step.on <= last).collect();
        let mut met = Met::new(&world, near.len());
        let now = world.history.years.len();
        simulate(&world, now, &near, PATHS, seed, |place, tallies, projection| {
            met.take(&world, place, tallies, projection);
            Some(())
        });
        (world, met)
    });
    let mut met = Met::new(&here, steps.len());
    let now = here.history.years.len();
    simulate(&here, now, &steps, PATHS, seed, |place, tallies, projection| {
        met.take(&here, place, tallies, projection);
        let unit = &here.measured.geography.spot(place)?.unit;
        let beside = of_plan
            .as_ref()
            .and_then(|(world, met)| Some((met, world.measured.geography.find(&unit.id)?)));
        let speaker = Speaker {
            world: &here,
            projection,
            place,
            unit,
            tallies,
            back_tests: &back_tests,
            met: &met,
            beside,
            paths: if place == 0 { PATHS } else { PATHS_OF_UNITS },
        };
        forecasts.units.insert(unit.id.clone(), speaker.all());
        Some(())
    });
    forecasts
}

/// Forecasts the targets of one unit only; the whole is simulated all the same.
pub fn of_unit(
    board: &Board,
    register: &Register,
    places: &Places,
    unit: &UnitId,
    seed: u64,
) -> Vec<Forecast> {
    compute(board, register, places, seed).units.remove(unit).unwrap_or_default()
}

/// The indicators of the targets, each with the way it is forecast.
pub(crate) fn readings(board: &Board) -> BTreeMap<usize, Reading> {
    let mut readings = BTreeMap::new();
    for target in &board.frame.pack.targets {
        let Some(index) = board.indicator_index(&target.indicator) else { continue };
        let (Some(indicator), Some(reckoning)) =
            (board.frame.pack.indicators.get(index), board.frame.reckonings.get(index))
        else {
            continue;
        };
        readings
            .entry(index)
            .or_insert_with(|| Reading::new(indicator, reckoning, &board.frame.catalogue));
    }
    readings
}

/// From the asked day to the end of its year, then year by year to the last horizon.
fn steps(board: &Board) -> Vec<Step> {
    let last = board.frame.pack.targets.iter().map(|target| target.horizon.end()).max();
    steps_between(board.as_of(), last.unwrap_or(board.as_of()))
}

fn steps_between(from: Date, to: Date) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut before, mut elapsed) = (from, 0.0);
    for year in from.year()..=to.year() {
        let on = year_end(year);
        if on <= before || steps.len() == totals::MOST_STEPS {
            continue;
        }
        let days = f64::from(days_between(before, on));
        let whole = before == year_end(year - 1);
        let length = if whole { 1.0 } else { days / 365.25 };
        elapsed += length;
        steps.push(Step { on, length, elapsed });
        before = on;
    }
    steps
}

/// The last day of any target set for each unit of a level.
fn floors_end(board: &Board) -> Date {
    let floors = board.frame.pack.targets.iter().filter(|t| matches!(t.scope, Scope::Each(_)));
    floors.map(|target| target.horizon.end()).max().unwrap_or(board.as_of())
}

/// Draws paths for every place from the end of some year, and adds them up the tree: `visit` sees each unit once, after all
/// that is below it.
fn simulate(
    world: &World<'_>,
    years: usize,
    steps: &[Step],
    paths: usize,
    seed: u64,
    mut visit: impl FnMut(usize, &Tallies, &Projection<'_>) -> Option<()>,
) {
    let geography = &world.measured.geography;
    let inner = world.inner();
    let rates = Rates::fit(&world.history, years, false, &inner);
    let draws = Draws::new(&rates, steps, paths, seed);
    let projection = Projection::new(world, years, steps, paths, seed);
    let mut above: BTreeMap<usize, Tallies> = BTreeMap::new();
    for place in (0..geography.len()).rev() {
        let mut tallies = above.remove(&place).unwrap_or_else(|| Tallies::new(paths, steps.len()));
        let (start, base) = world.start(place, years);
        draws.run(place, &start, &base, &mut tallies.values);
        visit(place, &tallies, &projection);
        if let Some(parent) = geography.spot(place).and_then(|spot| spot.parent) {
            match above.get_mut(&parent) {
                Some(sum) => sum.add(&tallies),
                None => {
                    above.insert(parent, tallies);
                }
            }
        }
    }
}

/// How many units of a level meet what is asked of each: by target and unit above, for every path and step.
pub(crate) struct Met {
    counts: BTreeMap<(usize, usize), Vec<u16>>,
    steps: usize,
}

impl Met {
    fn new(world: &World<'_>, steps: usize) -> Self {
        let mut counts = BTreeMap::new();
        for (target, wanted) in world.board.frame.pack.targets.iter().enumerate() {
            let Scope::Each(level) = wanted.scope else { continue };
            for place in 0..world.measured.geography.len() {
                let spot = world.measured.geography.spot(place);
                let has = world.measured.geography.at_level(place, level).next().is_some();
                if has && spot.is_some_and(|spot| spot.unit.level < level) {
                    counts.insert((target, place), vec![0; PATHS * steps]);
                }
            }
        }
        Self { counts, steps }
    }

    /// Adds a unit to the counts of all above it.
    fn take(
        &mut self,
        world: &World<'_>,
        place: usize,
        tallies: &Tallies,
        projection: &Projection<'_>,
    ) {
        let Some(spot) = world.measured.geography.spot(place) else { return };
        for (target, wanted) in world.board.frame.pack.targets.iter().enumerate() {
            if wanted.scope != Scope::Each(spot.unit.level) {
                continue;
            }
            let Some(index) = world.board.indicator_index(&wanted.indicator) else { continue };
            let Some(indicator) = world.board.frame.pack.indicators.get(index) else { continue };
            for step in 0..self.steps {
                let values = projection.values(index, place, tallies, step, PATHS);
                let holds: Vec<bool> = values
                    .iter()
                    .map(|value| wanted.constraint.holds(*value, indicator.direction))
                    .collect();
                let mut above = spot.parent;
                while let Some(place) = above {
                    if let Some(counts) = self.counts.get_mut(&(target, place)) {
                        for (path, holds) in holds.iter().enumerate() {
                            if let Some(count) = counts.get_mut(path * self.steps + step) {
                                *count += u16::from(*holds);
                            }
                        }
                    }
                    above = world.measured.geography.spot(place).and_then(|spot| spot.parent);
                }
            }
        }
    }

    /// How many met it at the end of a step, for every path.
    pub(crate) fn values(&self, target: usize, place: usize, step: usize) -> Option<Vec<f64>> {
        let counts = self.counts.get(&(target, place))?;
        (step < self.steps)
            .then(|| counts.iter().skip(step).step_by(self.steps).map(|c| f64::from(*c)).collect())
    }
}

/// Back-tests by indicator and level: the units of one level are forecast alike, and a single one has too few values to
/// tell.
pub(crate) type BackTests = BTreeMap<(usize, Level), BackTest>;

/// Forecasts made anew for past days, held against what came: for every indicator of a target, over all units of a level.
fn back_tests(world: &World<'_>, seed: u64) -> BackTests {
    let mut scores: BTreeMap<(usize, Level), spread::Score> = BTreeMap::new();
    let whole = world.history.years.iter().filter(|year| year.passed > 0.999).count();
    for known in LEAST_YEARS..whole {
        let Some(origin) = world.history.years.get(known - 1).map(|year| year.on) else { continue };
        let ahead = YEARS_OF_TESTS.min(whole - known);
        let Some(end) = world.history.years.get(known + ahead - 1).map(|year| year.on) else {
            continue;
        };
        let steps = steps_between(origin, end);
        simulate(world, known, &steps, PATHS_OF_TESTS, seed, |place, tallies, projection| {
            let level = world.measured.geography.spot(place)?.unit.level;
            for index in world.readings.keys() {
                let mut used = false;
                for (step, at) in steps.iter().enumerate() {
                    let Some(value) = world.value(*index, place, known + step) else { continue };
                    let Some(naive) = projection.naive(*index, place, at.on) else { continue };
                    let Some(made) =
                        projection.spread(*index, place, tallies, step, PATHS_OF_TESTS)
                    else {
                        continue;
                    };
                    let score = scores.entry((*index, level)).or_default();
                    score.add(&made.expectation(at.on), value, made.crps(value), naive.crps(value));
                    used = true;
                }
                if used && let Some(score) = scores.get_mut(&(*index, level)) {
                    score.forecasts(place, known);
                }
            }
            Some(())
        });
    }
    scores.into_iter().filter_map(|(of, score)| Some((of, score.back_test()?))).collect()
}

/// The territory is the first unit of every geography.
pub(crate) fn whole(measured: &Measured) -> std::ops::Range<usize> {
    0..measured.geography.len()
}
