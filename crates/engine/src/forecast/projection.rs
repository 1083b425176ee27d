//! The values of indicators along simulated paths.

use std::collections::BTreeMap;

use hoptac_model::date::{days_between, year_end};
use hoptac_model::figure::FigureStatus;
use hoptac_model::forecast::Expectation;
use hoptac_model::ids::IndicatorId;
use hoptac_model::pack::Indicator;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;
use jiff::civil::Date;

use crate::board::{Board, Cell};
use crate::forecast::chance::Chance;
use crate::forecast::flows::Step;
use crate::forecast::history::History;
use crate::forecast::quantity::{Quantity, Reading};
use crate::forecast::shape::{CELLS, Class, Tally};
use crate::forecast::spread::{Known, Limits, Quantiles, Sample, Student};
use crate::forecast::totals::{self, Point};
use crate::forecast::walk::{Distances, Scale, Walk};
use crate::forecast::whole;
use crate::measure::{Measured, speaks_of};

/// The tallies of a unit for every path and step.
#[derive(Clone, Debug)]
pub(crate) struct Tallies {
    pub(crate) values: Vec<u32>,
    steps: usize,
}

impl Tallies {
    pub(crate) fn new(paths: usize, steps: usize) -> Self {
        Self { values: vec![0; paths * steps * CELLS], steps }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, value) in self.values.iter_mut().zip(&other.values) {
            *sum += value;
        }
    }

    /// The counts of some cells at the end of a step, for every path.
    pub(crate) fn counts<'a>(
        &'a self,
        cells: &'a [usize],
        step: usize,
    ) -> impl Iterator<Item = f64> + 'a {
        self.values.chunks_exact(CELLS).skip(step).step_by(self.steps.max(1)).map(|tally| {
            let count: u32 = cells.iter().filter_map(|cell| tally.get(*cell)).sum();
            f64::from(count)
        })
    }

    /// The mean count of a class at the end of a step.
    pub(crate) fn mean(&self, class: &Class, step: usize) -> f64 {
        let cells = class.cells();
        let (sum, paths) = self
            .counts(&cells, step)
            .fold((0.0, 0.0), |(sum, paths), count| (sum + count, paths + 1.0));
        sum / f64::max(paths, 1.0)
    }
}

/// A board on one of its geographies, with the history of its organisations.
pub(crate) struct World<'a> {
    pub(crate) board: &'a Board,
    pub(crate) measured: &'a Measured,
    pub(crate) readings: &'a BTreeMap<usize, Reading>,
    pub(crate) history: History,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        board: &'a Board,
        measured: &'a Measured,
        readings: &'a BTreeMap<usize, Reading>,
        register: &Register,
        places: &Places,
    ) -> Self {
        let history = History::new(board, measured, register, places);
        Self { board, measured, readings, history }
    }

    /// Which places are only made of others.
    pub(crate) fn inner(&self) -> Vec<bool> {
        let spots = self.measured.geography.spots();
        spots.iter().enumerate().map(|(at, spot)| spot.end > at + 1).collect()
    }

    /// Who exists in a place after some years, and what the year that runs has had.
    pub(crate) fn start(&self, place: usize, years: usize) -> (Vec<(usize, usize, u8)>, Tally) {
        let last = years.checked_sub(1).and_then(|last| self.history.years.get(last));
        let Some(last) = last else { return (Vec::new(), [0; CELLS]) };
        let start =
            last.existing_in(place).map(|seen| (seen.kind, seen.sector, seen.age)).collect();
        (start, last.tallies.get(place).copied().unwrap_or([0; CELLS]))
    }

    /// Who exists anywhere after some years.
    pub(crate) fn start_of_all(&self, years: usize) -> Vec<(usize, usize, u8)> {
        let last = years.checked_sub(1).and_then(|last| self.history.years.get(last));
        last.into_iter()
            .flat_map(|year| year.existing().map(|seen| (seen.kind, seen.sector, seen.age)))
            .collect()
    }

    /// Where the values of an indicator can lie.
    fn limits(&self, index: usize) -> Limits {
        self.readings.get(&index).map_or(Limits::NONE, |reading| reading.limits)
    }

    pub(crate) fn indicator(&self, index: usize) -> Option<&'a Indicator> {
        self.board.frame.pack.indicators.get(index)
    }

    pub(crate) fn cell(&self, index: usize, place: usize, year: usize) -> Cell {
        self.measured.cell(index, place, year)
    }

    pub(crate) fn value(&self, index: usize, place: usize, year: usize) -> Option<f64> {
        self.cell(index, place, year).value
    }

    /// The counts of a unit at the end of a year.
    pub(crate) fn tally(&self, place: usize, year: usize) -> Tally {
        let year = self.history.years.get(year);
        year.map_or([0; CELLS], |year| year.tally(self.measured.geography.subtree(place)))
    }

    /// What walks on the line, as a quotient: of the class that an amount is for, or of the formula itself.
    fn quotient(
        &self,
        index: usize,
        reading: &Reading,
        place: usize,
        year: usize,
    ) -> Option<(f64, f64)> {
        let cell = self.cell(index, place, year);
        let of_class = |class: &Class| f64::from(class.count(&self.tally(place, year)));
        match &reading.quantity {
            Quantity::Each { base, .. } => Some((cell.value? / reading.factor, of_class(base))),
            Quantity::OfFigure { base } => Some((cell.numerator?, of_class(base))),
            Quantity::Part { part, .. } => Some((cell.numerator?, of_class(part))),
            Quantity::Quotient { .. } => Some((cell.numerator?, cell.denominator?)),
            Quantity::Flows(_) | Quantity::Series => None,
        }
    }

    /// The yearly values of an indicator as points, up to some year: whole years, and for what is counted on a day also
    /// the asked day.
    pub(crate) fn points(&self, index: usize, place: usize, years: usize) -> Vec<Point> {
        let flow = self.readings.get(&index).is_some_and(|reading| reading.flow);
        let known = self.history.years.iter().enumerate().take(years);
        known
            .filter(|(_, year)| !flow || year.passed > 0.999)
            .filter_map(|(at, year)| {
                let value = self.value(index, place, at).filter(|value| value.is_finite())?;
                Some(Point { at: in_years(year.on), value, noise: 1.0 })
            })
            .collect()
    }
}

/// A day in years from a fixed one.
pub(crate) fn in_years(day: Date) -> f64 {
    f64::from(days_between(year_end(2000), day)) / 365.25
}

/// A forecast value: drawn, or known in closed form.
#[derive(Clone, Debug)]
pub(crate) enum Spread {
    Drawn(Sample),
    Known(Known),
}

impl Spread {
    pub(crate) fn expectation(&self, on: Date) -> Expectation {
        match self {
            Self::Drawn(sample) => sample.expectation(on),
            Self::Known(known) => known.expectation(on, &Quantiles::of(known.student.freedom)),
        }
    }

    pub(crate) fn crps(&self, value: f64) -> f64 {
        match self {
            Self::Drawn(sample) => sample.crps(value),
            Self::Known(known) => known.crps(value),
        }
    }
}

/// How a place differs from the territory, ready for all steps.
type Apart = (f64, f64);

/// Indicators along paths from the end of some year.
pub(crate) struct Projection<'a> {
    world: &'a World<'a>,
    /// How many years are known.
    years: usize,
    pub(crate) steps: &'a [Step],
    /// The walks of the territory, by indicator.
    walks: BTreeMap<usize, Vec<f64>>,
    distances: BTreeMap<usize, Distances>,
    /// Where the territory stood on the line, by indicator.
    lines: BTreeMap<usize, Vec<Option<(f64, f64)>>>,
    /// The published figure that is divided by, by indicator.
    figures: BTreeMap<usize, f64>,
    /// How much somebody assumes an indicator moves each year beyond what is expected: points, or percent of an average.
    shifts: BTreeMap<usize, f64>,
    seed: u64,
}

impl<'a> Projection<'a> {
    pub(crate) fn new(
        world: &'a World<'a>,
        years: usize,
        steps: &'a [Step],
        paths: usize,
        seed: u64,
    ) -> Self {
        let mut projection = Self {
            world,
            years,
            steps,
            walks: BTreeMap::new(),
            distances: BTreeMap::new(),
            lines: BTreeMap::new(),
            figures: BTreeMap::new(),
            shifts: BTreeMap::new(),
            seed,
        };
        for (index, reading) in world.readings {
            let scale = match &reading.quantity {
                Quantity::Each { scale, .. } | Quantity::Quotient { scale } => *scale,
                Quantity::OfFigure { .. } => Scale::Log,
                Quantity::Part { .. } => Scale::Odds,
                Quantity::Flows(_) | Quantity::Series => continue,
            };
            if let Some(figure) = projection.figure(*index) {
                projection.figures.insert(*index, figure);
            }
            let line = projection.line(*index, reading, scale, 0);
            let whole: Vec<Option<f64>> = line
                .iter()
                .zip(&world.history.years)
                .filter(|(_, year)| year.passed > 0.999)
                .map(|(at, _)| at.map(|(at, _)| at))
                .collect();
            let Some(now) = line.iter().rev().flatten().next().map(|(at, _)| *at) else { continue };
            let Some(walk) = Walk::fit(scale, &whole, now) else { continue };
            let mut chance = Chance::named(seed, &reading.key);
            projection.walks.insert(*index, walk.paths(&mut chance, paths, steps));
            let leaves = world.inner();
            let apart: Vec<Vec<Option<(f64, f64)>>> = leaves
                .iter()
                .enumerate()
                .filter(|(_, inner)| !**inner)
                .map(|(place, _)| {
                    let there = projection.line(*index, reading, scale, place);
                    there
                        .iter()
                        .zip(&line)
                        .map(|(there, all)| {
                            let ((there, chance), (all, _)) = ((*there)?, (*all)?);
                            Some((there - all, chance))
                        })
                        .collect()
                })
                .collect();
            projection.distances.insert(*index, Distances::fit(&apart));
            projection.lines.insert(*index, line);
        }
        projection
    }

    /// Where a unit stood on the line, year by year, with the variance of chance.
    fn line(
        &self,
        index: usize,
        reading: &Reading,
        scale: Scale,
        place: usize,
    ) -> Vec<Option<(f64, f64)>> {
        (0..self.years)
            .map(|year| {
                let (above, below) = self.world.quotient(index, reading, place, year)?;
                scale.place(above, below)
            })
            .collect()
    }

    /// The last published figure that an indicator is divided by.
    fn figure(&self, index: usize) -> Option<f64> {
        let board = self.world.board;
        let series = self.world.indicator(index)?.denominator_figure.as_ref()?;
        let unit = &self.world.measured.geography.spot(0)?.unit;
        let figures = board.frame.pack.figures.iter().filter(|figure| {
            &figure.indicator == series
                && !matches!(figure.status, FigureStatus::TargetPast | FigureStatus::Assumed)
                && figure.as_of <= board.as_of()
                && speaks_of(&figure.unit, figure.as_of, unit)
        });
        figures.max_by_key(|figure| figure.as_of).map(|figure| figure.value).filter(|v| *v > 0.0)
    }

    /// Whether an indicator is a share or an average that walks.
    pub(crate) fn walks(&self, index: usize) -> bool {
        self.walks.contains_key(&index)
    }

    /// Assumes that an indicator moves so much a year beyond what is expected.
    pub(crate) fn shift(&mut self, index: usize, per_year: f64) {
        self.shifts.insert(index, per_year);
    }

    /// Assumes another number for a published series; false where nothing is divided by it.
    pub(crate) fn divide_by(&mut self, series: &IndicatorId, value: f64) -> bool {
        let world = self.world;
        let divided = world.readings.keys().copied().filter(|index| {
            let by = world.indicator(*index).and_then(|one| one.denominator_figure.as_ref());
            by == Some(series)
        });
        let divided: Vec<usize> = divided.collect();
        self.figures.extend(divided.iter().map(|index| (*index, value)));
        !divided.is_empty()
    }

    /// A share or an average of the territory, with what somebody assumes it to move; a share is never above `most`.
    fn shifted(&self, index: usize, scale: Scale, step: usize, value: f64, most: f64) -> f64 {
        let Some(per_year) = self.shifts.get(&index).map(|percent| percent / 100.0) else {
            return value;
        };
        let years = self.steps.get(step).map_or(0.0, |step| step.elapsed);
        match scale {
            Scale::Odds => (value + per_year * years).clamp(0.0, most),
            Scale::Log => value * (1.0 + per_year).max(0.0).powf(years),
        }
    }

    /// Whether the numbers that an indicator is divided by are there.
    pub(crate) fn has_population(&self, index: usize) -> bool {
        let figure = self.world.indicator(index).is_some_and(|i| i.denominator_figure.is_some());
        !figure || self.figures.contains_key(&index)
    }

    /// How a place stands apart now.
    fn apart(&self, index: usize, reading: &Reading, scale: Scale, place: usize) -> Option<Apart> {
        let there = self.line(index, reading, scale, place);
        let all = self.lines.get(&index)?;
        let both = there.iter().zip(all).rev().find_map(|(there, all)| Some(((*there)?, (*all)?)));
        both.map(|((there, chance), (all, _))| (there - all, chance))
    }

    /// The values of an indicator for a unit at the end of a step, one for each path; none of no path where it cannot be
    /// forecast. A path whose denominator is zero has no number.
    pub(crate) fn values(
        &self,
        index: usize,
        place: usize,
        tallies: &Tallies,
        step: usize,
        paths: usize,
    ) -> Vec<f64> {
        let Some(reading) = self.world.readings.get(&index) else { return Vec::new() };
        let walked = |scale: Scale| -> Option<Vec<f64>> {
            let walk = self.walks.get(&index)?;
            let along = walk.iter().skip(step).step_by(self.steps.len()).take(paths);
            if place == 0 {
                return Some(along.map(|at| scale.value(*at)).collect());
            }
            let years = self.steps.get(step).map_or(0.0, |step| step.elapsed);
            let (distance, chance) =
                match (self.distances.get(&index), self.apart(index, reading, scale, place)) {
                    (Some(distances), Some((apart, chance))) => {
                        distances.after(apart, chance, years)
                    }
                    // Nothing is known of the place: it is like the territory.
                    (Some(distances), None) => {
                        let (_, lasting) = distances.after(0.0, 1.0, f64::INFINITY);
                        (0.0, lasting)
                    }
                    (None, _) => (0.0, 0.0),
                };
            let stream = u64::try_from(place).unwrap_or(0);
            let mut draw = Chance::named(self.seed ^ (stream << 20), &reading.key);
            Some(along.map(|at| scale.value(at + distance + chance * draw.normal())).collect())
        };
        let moved = |scale: Scale, value: f64, most: f64| {
            if place == 0 { self.shifted(index, scale, step, value, most) } else { value }
        };
        match &reading.quantity {
            Quantity::Flows(terms) => {
                let mut sums = vec![0.0; paths];
                for term in terms {
                    let cells = term.class.cells();
                    for (sum, count) in sums.iter_mut().zip(tallies.counts(&cells, step)) {
                        *sum += term.sign * count;
                    }
                }
                sums.iter().map(|sum| reading.factor * sum).collect()
            }
            Quantity::Each { base, scale } => {
                let cells = base.cells();
                let of_each = walked(*scale).unwrap_or_default();
                let counts = tallies.counts(&cells, step);
                let amount = |(each, count): (f64, f64)| {
                    (reading.factor * moved(*scale, each, 1.0) * count).round()
                };
                of_each.into_iter().zip(counts).map(amount).collect()
            }
            Quantity::Part { part, base } => {
                let (part, base) = (part.cells(), base.cells());
                let of_part = walked(Scale::Odds).unwrap_or_default();
                let counts = tallies.counts(&part, step).zip(tallies.counts(&base, step));
                let share = |(of_part, (part, base)): (f64, (f64, f64))| {
                    let most = part / base;
                    if most.is_nan() {
                        return most;
                    }
                    reading.factor * moved(Scale::Odds, of_part * most, most)
                };
                of_part.into_iter().zip(counts).map(share).collect()
            }
            Quantity::OfFigure { base } => {
                let Some(figure) = self.figures.get(&index) else { return Vec::new() };
                let cells = base.cells();
                let of_each = walked(Scale::Log).unwrap_or_default();
                let counts = tallies.counts(&cells, step);
                let amount = |(each, count): (f64, f64)| {
                    reading.factor * moved(Scale::Log, each, 1.0) * count / figure
                };
                of_each.into_iter().zip(counts).map(amount).collect()
            }
            Quantity::Quotient { scale } => {
                let quotients = walked(*scale).unwrap_or_default();
                let value = |quotient| reading.factor * moved(*scale, quotient, 1.0);
                quotients.into_iter().map(value).collect()
            }
            Quantity::Series => Vec::new(),
        }
    }

    /// The forecast of an indicator for a unit at the end of a step.
    pub(crate) fn spread(
        &self,
        index: usize,
        place: usize,
        tallies: &Tallies,
        step: usize,
        paths: usize,
    ) -> Option<Spread> {
        let reading = self.world.readings.get(&index)?;
        if matches!(reading.quantity, Quantity::Series) {
            let points = self.world.points(index, place, self.years);
            let at = in_years(self.steps.get(step)?.on);
            if points.len() < totals::LEAST_POINTS {
                return None;
            }
            let mut out = [Student::default()];
            totals::forecast(&points, &[at], &mut out);
            let [student] = out;
            let limits = self.world.limits(index);
            return Some(Spread::Known(Known { student, limits, odds: false }));
        }
        if matches!(reading.quantity, Quantity::Flows(_)) && !self.ever_seen(index) {
            return None;
        }
        let sample = Sample::new(self.values(index, place, tallies, step, paths));
        // Where most paths have no number, neither has the forecast.
        (sample.len() * 2 > paths).then_some(Spread::Drawn(sample))
    }

    /// Whether there ever was anything to count, anywhere in the territory.
    pub(crate) fn ever_seen(&self, index: usize) -> bool {
        let Some(Reading { quantity: Quantity::Flows(terms), .. }) =
            self.world.readings.get(&index)
        else {
            return true;
        };
        (0..self.years).any(|year| {
            let year = self.world.history.years.get(year);
            let tally = year.map_or([0; CELLS], |year| year.tally(whole(self.world.measured)));
            terms.iter().any(|term| term.class.count(&tally) > 0)
        })
    }

    /// The naive drift of an indicator for a unit.
    pub(crate) fn naive(&self, index: usize, place: usize, on: Date) -> Option<Known> {
        let limits = self.world.limits(index);
        naive(&self.world.points(index, place, self.years), limits, on)
    }
}

/// The naive drift of a series: of a percentage, that of its log odds.
pub(crate) fn naive(points: &[Point], limits: Limits, on: Date) -> Option<Known> {
    let odds = limits == Limits::PERCENT;
    let at = in_years(on);
    let student = if odds {
        let turned: Vec<Point> =
            points.iter().map(|p| Point { value: Known::odds_of(p.value), ..*p }).collect();
        totals::naive(&turned, at)
    } else {
        totals::naive(points, at)
    };
    Some(Known { student: student?, limits, odds })
}
