//! The flow model: how often organisations of each kind are founded, close and convert, how sure that is, and paths drawn
//! from it.
//!
//! Formation is an overdispersed count whose level moves: a gamma-Poisson model that discounts the past
//! [Smith & Miller 1986; West & Harrison 1997, ch. 10], with discount and overdispersion averaged by their predictive
//! likelihoods. Places share in it by weights with a Dirichlet prior whose strength is estimated from the data: the
//! empirical Bayes of independent gamma rates [Clayton & Kaldor 1987; Casella 1985]. Closure and conversion are discrete
//! hazards by age, each a beta that is pulled towards the hazard of the kind; years share a shock as strong as the past
//! showed. Every path draws its own parameters.

use statrs::function::gamma::ln_gamma;

use crate::forecast::chance::Chance;
use crate::forecast::history::{AGES, History, OLDEST, age_class};
use crate::forecast::shape::{CELLS, Event, Tally, cell};
use crate::forecast::spread::number;

/// How much a year's knowledge of the level weighs a year later.
const DISCOUNTS: [f64; 4] = [0.7, 0.8, 0.9, 1.0];
/// Variance of a year's count as a multiple of its mean.
const DISPERSIONS: [f64; 4] = [1.0, 1.6, 2.5, 4.0];
/// Strengths of the common weights of places, in organisations.
const STRENGTHS: [f64; 7] = [2.0, 6.0, 20.0, 60.0, 200.0, 600.0, 2000.0];
/// The hazard that is expected where nothing was seen, and how many organisation-years it weighs.
const PRIOR_HAZARD: (f64, f64) = (0.03, 10.0);
/// How many organisation-years the hazard of the kind weighs against that of an age.
const SMOOTHING: f64 = 30.0;

/// What is known of the level of formation under one discount and dispersion.
#[derive(Clone, Copy, Debug)]
struct Level {
    weight: f64,
    a: f64,
    b: f64,
    discount: f64,
    dispersion: f64,
}

/// Formation of one kind.
#[derive(Clone, Debug)]
struct Formation {
    levels: Vec<Level>,
    /// Dirichlet weights of places × sectors.
    weights: Vec<f64>,
}

/// A beta over a hazard.
type Beta = (f64, f64);

/// The fitted model.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    formation: [Formation; 3],
    closure: [[Beta; AGES]; 3],
    conversion: [Beta; AGES],
    /// Variance of the shock that the closures of a year share.
    shock: f64,
    places: usize,
    /// What somebody assumes otherwise.
    pub(crate) tuning: Tuning,
}

/// Flows that somebody assumes otherwise, by kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tuning {
    /// How many times as many are founded.
    pub(crate) founded: [f64; 3],
    /// How many more are founded each year.
    pub(crate) more: [f64; 3],
    /// How many times as many close.
    pub(crate) closed: [f64; 3],
    /// How many times as many groups convert.
    pub(crate) converted: f64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { founded: [1.0; 3], more: [0.0; 3], closed: [1.0; 3], converted: 1.0 }
    }
}

impl Rates {
    /// Fits the first years of a history. Where `pooled`, the territory is one place.
    pub(crate) fn fit(history: &History, years: usize, pooled: bool, inner: &[bool]) -> Self {
        let places = if pooled { 1 } else { inner.len() };
        let known = history.years.get(..years).unwrap_or(&history.years);
        let formation = [0, 1, 2].map(|kind| {
            let counts: Vec<(f64, f64)> = known
                .iter()
                .map(|year| {
                    let tally = year.tally(0..year.tallies.len());
                    let founded: u32 = [0, 1]
                        .iter()
                        .filter_map(|s| tally.get(cell(Event::Founded as usize, kind, *s)))
                        .sum();
                    (f64::from(founded), year.passed.max(1e-3))
                })
                .collect();
            Formation { levels: levels(&counts), weights: weights(known, kind, pooled, inner) }
        });
        let (mut closed, mut converted) = ([[(0.0, 0.0); AGES]; 3], [(0.0, 0.0); AGES]);
        let mut by_year = Vec::new();
        for (index, year) in known.iter().enumerate().skip(1) {
            let mut events = 0.0;
            let mut at_risk = [[0.0; AGES]; 3];
            for passage in history.passages(index) {
                let class = age_class(usize::from(passage.age));
                let add = |cell: Option<&mut (f64, f64)>, event: bool| {
                    if let Some((events, exposure)) = cell {
                        *events += f64::from(u8::from(event));
                        *exposure += year.passed;
                    }
                };
                add(closed.get_mut(passage.kind).and_then(|k| k.get_mut(class)), passage.closed);
                if passage.kind == 0 {
                    add(converted.get_mut(class), passage.converted);
                }
                events += f64::from(u8::from(passage.closed));
                if let Some(n) = at_risk.get_mut(passage.kind).and_then(|k| k.get_mut(class)) {
                    *n += year.passed;
                }
            }
            by_year.push((events, at_risk));
        }
        let closure = closed.map(|ages| smoothed(&ages));
        Self {
            formation,
            shock: shock(&by_year, &closure),
            closure,
            conversion: smoothed(&converted),
            places,
            tuning: Tuning::default(),
        }
    }

    /// What some places have of the foundings of a kind, as expected.
    pub(crate) fn share(&self, kind: usize, places: std::ops::Range<usize>) -> f64 {
        let weights = self.formation.get(kind).map_or(&[][..], |one| &one.weights);
        let sum: f64 = weights.iter().sum();
        let of = weights.get(places.start * 2..places.end * 2).unwrap_or_default();
        if sum > 0.0 { of.iter().sum::<f64>() / sum } else { 0.0 }
    }
}

/// The gamma posterior of the level under every discount and dispersion, with its weight.
fn levels(counts: &[(f64, f64)]) -> Vec<Level> {
    let mut levels = Vec::with_capacity(DISCOUNTS.len() * DISPERSIONS.len());
    for discount in DISCOUNTS {
        for dispersion in DISPERSIONS {
            let (mut a, mut b, mut log) = (0.5, 0.0, 0.0);
            for (at, (count, exposure)) in counts.iter().enumerate() {
                let x = count / dispersion;
                (a, b) = (discount * a, discount * b);
                if at > 0 && b > 0.0 {
                    log += ln_gamma(a + x) - ln_gamma(a) - ln_gamma(x + 1.0)
                        + a * (b / (b + exposure)).ln()
                        + x * (exposure / (b + exposure)).ln()
                        - dispersion.ln();
                }
                (a, b) = (a + x, b + exposure);
            }
            levels.push(Level { weight: log, a, b: b.max(1e-6), discount, dispersion });
        }
    }
    let best = levels.iter().map(|level| level.weight).fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for level in &mut levels {
        level.weight = (level.weight - best).exp();
        sum += level.weight;
    }
    for level in &mut levels {
        level.weight /= sum;
    }
    levels
}

/// What each place and sector has of the formation of a kind. `inner` says which places are only made of others.
fn weights(years: &[super::history::Year], kind: usize, pooled: bool, inner: &[bool]) -> Vec<f64> {
    let places = if pooled { 1 } else { inner.len() };
    let mut founded = vec![0.0; places * 2];
    let mut stock = vec![0.0; places];
    for year in years {
        for (place, tally) in year.tallies.iter().enumerate() {
            let place = if pooled { 0 } else { place };
            for sector in 0..2 {
                let count =
                    |event| tally.get(cell(event, kind, sector)).map_or(0.0, |c| f64::from(*c));
                if let Some(sum) = founded.get_mut(place * 2 + sector) {
                    *sum += count(Event::Founded as usize);
                }
                if let Some(sum) = stock.get_mut(place) {
                    *sum += count(Event::Stock as usize);
                }
            }
        }
    }
    let total: f64 = founded.iter().sum();
    let stocks: f64 = stock.iter().sum();
    let leaves = number(inner.iter().filter(|inner| !**inner).count()).max(1.0);
    let mean = |place: usize, sector: usize| {
        let by_stock =
            stock.get(place).map_or(0.0, |s| if stocks > 0.0 { s / stocks } else { 0.0 });
        let equal = if pooled {
            1.0
        } else if inner.get(place) == Some(&false) {
            1.0 / leaves
        } else {
            0.0
        };
        let of_sector: f64 = founded.iter().skip(sector).step_by(2).sum::<f64>() + 0.5;
        (0.5 * by_stock + 0.5 * equal) * of_sector / (total + 1.0)
    };
    let means: Vec<f64> = (0..places * 2).map(|at| mean(at / 2, at % 2)).collect();
    // The strength of the common weights that makes the observed shares likeliest (Dirichlet-multinomial).
    let likelihood = |strength: f64| -> f64 {
        let prior: f64 = means.iter().map(|m| m * strength).sum();
        let cells: f64 = founded
            .iter()
            .zip(&means)
            .filter(|(_, mean)| **mean > 0.0)
            .map(|(count, mean)| ln_gamma(strength * mean + count) - ln_gamma(strength * mean))
            .sum();
        cells + ln_gamma(prior) - ln_gamma(prior + total)
    };
    let strength = STRENGTHS
        .into_iter()
        .max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b)))
        .unwrap_or(20.0);
    founded.iter().zip(&means).map(|(count, mean)| count + strength * mean).collect()
}

/// Hazards by age, pulled towards that of all ages.
fn smoothed(ages: &[(f64, f64); AGES]) -> [Beta; AGES] {
    let (prior, weight) = PRIOR_HAZARD;
    let (events, exposure) =
        ages.iter().fold((0.0, 0.0), |(e, n), (events, exposure)| (e + events, n + exposure));
    let common = (events + prior * weight) / (exposure + weight);
    ages.map(|(events, exposure)| {
        (SMOOTHING * common + events, SMOOTHING * (1.0 - common) + (exposure - events).max(0.0))
    })
}

/// How much more the closures of years vary than chance alone would make them.
fn shock(by_year: &[(f64, [[f64; AGES]; 3])], closure: &[[Beta; AGES]; 3]) -> f64 {
    let expected = |at_risk: &[[f64; AGES]; 3]| -> f64 {
        at_risk
            .iter()
            .flatten()
            .zip(closure.iter().flatten())
            .map(|(n, (a, b))| n * a / (a + b))
            .sum()
    };
    let years: Vec<(f64, f64)> = by_year
        .iter()
        .map(|(events, at_risk)| (*events, expected(at_risk)))
        .filter(|(_, expected)| *expected > 0.0)
        .collect();
    let count = number(years.len());
    if years.is_empty() {
        return 0.0;
    }
    let pearson: f64 = years.iter().map(|(y, e)| (y - e).powi(2) / e).sum();
    let mean = years.iter().map(|(_, e)| e).sum::<f64>() / count;
    // Pulled towards none, which weighs three years.
    let dispersion = ((pearson + 3.0) / (count - 1.0 + 3.0)).max(1.0);
    ((dispersion - 1.0) / mean).min(0.5)
}

/// A step of the paths: the rest of the year that runs, then whole years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) on: jiff::civil::Date,
    /// In years.
    pub(crate) length: f64,
    /// From the start to its end, in years.
    pub(crate) elapsed: f64,
}

/// What all places have in common, drawn once for every path.
pub(crate) struct Draws<'a> {
    rates: &'a Rates,
    steps: &'a [Step],
    pub(crate) paths: usize,
    seed: u64,
    /// The rate of formation by path, step and kind.
    rate: Vec<f64>,
    /// The share of every place and sector, by path and kind.
    share: Vec<f64>,
    /// Closure by path, kind and age class, then conversion of groups by age class.
    hazard: Vec<[[f64; AGES]; 4]>,
    /// By path and step.
    shock: Vec<f64>,
}

impl<'a> Draws<'a> {
    pub(crate) fn new(rates: &'a Rates, steps: &'a [Step], paths: usize, seed: u64) -> Self {
        let mut chance = Chance::named(seed, "flows");
        let cells = rates.places * 2;
        let mut draws = Self {
            rates,
            steps,
            paths,
            seed,
            rate: Vec::with_capacity(paths * steps.len() * 3),
            share: Vec::with_capacity(paths * 3 * cells),
            hazard: Vec::with_capacity(paths),
            shock: Vec::with_capacity(paths * steps.len()),
        };
        for _ in 0..paths {
            let mut levels = rates.formation.each_ref().map(|formation| {
                let mut at = chance.uniform();
                let level = formation.levels.iter().find(|level| {
                    at -= level.weight;
                    at <= 0.0
                });
                let level = level.or(formation.levels.last()).copied();
                let rate = level.map_or(0.0, |l| l.dispersion * chance.gamma(l.a, 1.0 / l.b));
                (level, rate)
            });
            for step in steps {
                for (kind, (level, rate)) in levels.iter_mut().enumerate() {
                    let Some(level) = level else {
                        draws.rate.push(0.0);
                        continue;
                    };
                    // The level walks as far in a year as the discount lets it, and keeps its mean.
                    let variance = ((1.0 - level.discount) / (level.discount * level.a)).min(0.25)
                        * step.length;
                    *rate *= (variance.sqrt() * chance.normal() - variance / 2.0).exp();
                    let tuned = |of: [f64; 3]| of.get(kind).copied().unwrap_or(0.0);
                    let (founded, more) = (rates.tuning.founded, rates.tuning.more);
                    let mean = (*rate * tuned(founded) + tuned(more)).max(0.0) * step.length;
                    let extra = level.dispersion - 1.0;
                    draws.rate.push(if extra > 0.0 {
                        chance.gamma(mean / extra, extra)
                    } else {
                        mean
                    });
                }
                draws.shock.push(if rates.shock > 0.0 {
                    chance.gamma(1.0 / rates.shock, rates.shock)
                } else {
                    1.0
                });
            }
            for formation in &rates.formation {
                let start = draws.share.len();
                let mut sum = 0.0;
                for weight in &formation.weights {
                    let drawn = chance.gamma(*weight, 1.0);
                    sum += drawn;
                    draws.share.push(drawn);
                }
                for share in draws.share.iter_mut().skip(start) {
                    *share /= sum.max(1e-300);
                }
            }
            let [groups, cooperatives, unions] = rates.closure;
            let [of_groups, of_cooperatives, of_unions] = rates.tuning.closed;
            draws.hazard.push(
                [
                    (groups, of_groups),
                    (cooperatives, of_cooperatives),
                    (unions, of_unions),
                    (rates.conversion, rates.tuning.converted),
                ]
                .map(|(ages, times)| ages.map(|(a, b)| (chance.beta(a, b) * times).min(1.0))),
            );
        }
        draws
    }

    /// Adds the paths of one place to `out`, a tally for each path and step. Organisations of one kind, sector and age are
    /// alike, so that what happens to all of them is drawn at once.
    pub(crate) fn run(
        &self,
        place: usize,
        start: &[(usize, usize, u8)],
        base: &Tally,
        out: &mut [u32],
    ) {
        let mut chance = Chance::new(self.seed, u64::try_from(place).unwrap_or(0) + 1);
        let cells = self.rates.places * 2;
        let mut now = Standing::default();
        for (kind, sector, age) in start {
            now.add(*kind, *sector, usize::from(*age), 1);
        }
        let mut tallies = out.chunks_exact_mut(CELLS);
        for path in 0..self.paths {
            let mut standing = now.clone();
            let Some(hazard) = self.hazard.get(path) else { return };
            for (at, step) in self.steps.iter().enumerate() {
                let Some(tally) = tallies.next() else { return };
                let mut add = |event: Event, kind: usize, sector: usize, count: u32| {
                    if let Some(value) = tally.get_mut(cell(event as usize, kind, sector)) {
                        *value += count;
                    }
                };
                let shock = self.shock.get(path * self.steps.len() + at).copied().unwrap_or(1.0);
                let length = step.length;
                let older = usize::from(at > 0 || length >= 1.0 - 1e-9);
                let mut then = Standing::default();
                for (kind, sector, age, count) in standing.groups() {
                    let class = age_class(age);
                    let of = |row: usize| hazard.get(row).and_then(|h| h.get(class)).copied();
                    let close = of(kind).unwrap_or(0.0) * shock * length;
                    let closed = chance.binomial(count, close);
                    let mut left = count - closed;
                    add(Event::Ceased, kind, sector, closed);
                    if kind == 0 && left > 0 {
                        let convert = of(3).unwrap_or(0.0) * length / (1.0 - close);
                        let converted = chance.binomial(left, convert);
                        left -= converted;
                        add(Event::Joined, 1, sector, converted);
                        then.add(1, sector, age + older, converted);
                    }
                    then.add(kind, sector, age + older, left);
                }
                for kind in 0..3 {
                    let rate = self.rate.get((path * self.steps.len() + at) * 3 + kind).copied();
                    for sector in 0..2 {
                        let index = (path * 3 + kind) * cells + place * 2 + sector;
                        let share = self.share.get(index).copied().unwrap_or(0.0);
                        let founded = chance.poisson(rate.unwrap_or(0.0) * share);
                        add(Event::Founded, kind, sector, founded);
                        then.add(kind, sector, 0, founded);
                    }
                }
                for (kind, sector, _, count) in then.groups() {
                    add(Event::Stock, kind, sector, count);
                }
                if at == 0 && self.steps.first().is_some_and(|step| step.length < 1.0 - 1e-9) {
                    // What the year has had already counts for it.
                    for (value, had) in tally.iter_mut().zip(base).skip(CELLS / 4) {
                        *value += had;
                    }
                }
                standing = then;
            }
        }
    }
}

/// How many organisations exist, by kind, sector and age; those of the last age class are of one age.
#[derive(Clone, Debug, Default)]
struct Standing([[[u32; OLDEST + 1]; 2]; 3]);

impl Standing {
    fn add(&mut self, kind: usize, sector: usize, age: usize, count: u32) {
        let ages = self.0.get_mut(kind).and_then(|sectors| sectors.get_mut(sector));
        if let Some(held) = ages.and_then(|ages| ages.get_mut(age.min(OLDEST))) {
            *held += count;
        }
    }

    /// Kind, sector, age and count of whatever there is.
    fn groups(&self) -> impl Iterator<Item = (usize, usize, usize, u32)> {
        self.0.iter().enumerate().flat_map(|(kind, sectors)| {
            sectors.iter().enumerate().flat_map(move |(sector, ages)| {
                let held = ages.iter().enumerate().filter(|(_, count)| **count > 0);
                held.map(move |(age, count)| (kind, sector, age, *count))
            })
        })
    }
}
