//! The forecasts of one unit: fans and probabilities of every target of the plan.

use hoptac_model::figure::FigureStatus;
use hoptac_model::forecast::{BackTest, Basis, Expectation, Fan, Forecast, Method, Silence};
use hoptac_model::pack::{Indicator, Measure};
use hoptac_model::scoreboard::{Applies, FigurePoint, Row};
use hoptac_model::target::{Direction, Horizon, Target};
use hoptac_model::unit::Unit;
use jiff::civil::Date;

use crate::forecast::flows::Step;
use crate::forecast::projection::{self, Projection, Tallies, World, in_years};
use crate::forecast::quantity::{Quantity, Reading};
use crate::forecast::spread::{Known, Limits, Quantiles, Sample, Score, Student, number};
use crate::forecast::totals::{self, Point};
use crate::forecast::{BackTests, LEAST_YEARS, Met};

/// How a back-test of few values is not believed.
const LEAST_PAIRS: usize = 3;

/// Everything that is needed to speak of one unit.
pub(crate) struct Speaker<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) projection: &'a Projection<'a>,
    pub(crate) place: usize,
    pub(crate) unit: &'a Unit,
    pub(crate) tallies: &'a Tallies,
    pub(crate) back_tests: &'a BackTests,
    pub(crate) met: &'a Met,
    /// The counts on the plan's own geography, and the unit's place there.
    pub(crate) beside: Option<(&'a Met, usize)>,
    pub(crate) paths: usize,
}

/// One target as asked of the unit.
pub(crate) struct Asked<'a> {
    pub(crate) target: &'a Target,
    /// Its place among the targets.
    at: usize,
    pub(crate) indicator: &'a Indicator,
    pub(crate) index: usize,
    pub(crate) reading: &'a Reading,
    pub(crate) row: &'a Row,
    /// The day of which the probability speaks; none where the horizon has passed.
    pub(crate) on: Option<Date>,
}

impl Asked<'_> {
    /// Which way is better for the row: of units that meet a target, more.
    pub(crate) fn direction(&self) -> Direction {
        match self.row.applies {
            Applies::UnitsBelow => Direction::Up,
            Applies::Directly | Applies::Yardstick | Applies::Assigned | Applies::NotHere => {
                self.indicator.direction
            }
        }
    }

    /// The last value that is whole, with its day.
    fn last_value(&self) -> Option<(Date, f64)> {
        let known = self.row.series.iter().rev();
        // A flow of a year that runs is only a part of it.
        let mut known = known.filter(|point| {
            !self.reading.flow || point.on == hoptac_model::date::year_end(point.year)
        });
        known.find_map(|point| Some((point.on, point.value?)))
    }

    /// The values of whole years, oldest first.
    pub(crate) fn whole_years(&self) -> Vec<f64> {
        let years = self.row.series.iter();
        years
            .filter(|point| point.on == hoptac_model::date::year_end(point.year))
            .filter_map(|point| point.value)
            .collect()
    }
}

impl Speaker<'_> {
    /// The forecasts of all targets.
    pub(crate) fn all(&self) -> Vec<Forecast> {
        let board = self.world.board;
        let Some(scoreboard) = board.scoreboard(&self.unit.id) else { return Vec::new() };
        let mut forecasts = Vec::with_capacity(scoreboard.rows.len());
        for row in &scoreboard.rows {
            let target =
                board.frame.pack.targets.iter().enumerate().find(|(_, t)| t.id == row.target);
            let Some((at, target)) = target else { continue };
            let Some(index) = board.indicator_index(&row.indicator) else { continue };
            let (Some(indicator), Some(reading)) =
                (board.frame.pack.indicators.get(index), self.world.readings.get(&index))
            else {
                continue;
            };
            let on = self.asked_day(target);
            let asked = Asked { target, at, indicator, index, reading, row, on };
            forecasts.push(self.one(&asked));
        }
        forecasts
    }

    fn one(&self, asked: &Asked<'_>) -> Forecast {
        let register = self.register(asked);
        let published = self.published(asked);
        let (required, gap) = self.required(asked);
        Forecast {
            target: asked.row.target.clone(),
            indicator: asked.row.indicator.clone(),
            applies: asked.row.applies,
            constraint: asked.row.constraint,
            on: asked.on.unwrap_or_else(|| asked.target.horizon.end()),
            register,
            published,
            required,
            gap,
        }
    }

    /// The horizon, or the end of the year that runs (of the next one, on a year's last day).
    fn asked_day(&self, target: &Target) -> Option<Date> {
        let mut ends = self.projection.steps.iter().map(|step| step.on);
        match target.horizon {
            Horizon::Year { .. } => ends.find(|on| *on == target.horizon.end()),
            Horizon::Yearly { from, to } => ends.find(|on| (from..=to).contains(&on.year())),
        }
    }

    /// The steps up to the last day of the horizon.
    pub(crate) fn steps(&self, asked: &Asked<'_>) -> impl Iterator<Item = (usize, &Step)> {
        let end = asked.target.horizon.end();
        self.projection.steps.iter().enumerate().filter(move |(_, step)| step.on <= end)
    }

    fn register(&self, asked: &Asked<'_>) -> Result<Fan, Silence> {
        let on = asked.on.ok_or(Silence::HorizonPassed)?;
        if !self.projection.has_population(asked.index) {
            return Err(Silence::NoPopulation);
        }
        let Some(from) = asked.last_value() else {
            let empty = asked.row.denominator == Some(0.0);
            return Err(if empty { Silence::NoPopulation } else { Silence::NoData });
        };
        let points = self.world.points(asked.index, self.place, self.world.history.years.len());
        if self.world.history.years.iter().filter(|year| year.passed > 0.999).count() < LEAST_YEARS
        {
            return Err(Silence::NotEnoughData);
        }
        let below = asked.row.applies == Applies::UnitsBelow;
        let back_test =
            self.back_tests.get(&(asked.index, self.unit.level)).copied().filter(|_| !below);
        let worse = back_test.is_some_and(|t| t.pairs >= LEAST_PAIRS && t.is_worse_than_naive());
        let method = asked.reading.method();
        if worse && let Some(mut fan) = self.naive(asked, &points, from, Basis::Register) {
            fan.replaced = Some(method);
            fan.back_test = back_test;
            return Ok(fan);
        }
        if matches!(asked.reading.quantity, Quantity::Series) {
            let mut fan = self.totals(asked, &points, from, Basis::Register)?;
            fan.method = Method::Series;
            fan.back_test = back_test;
            return Ok(fan);
        }
        if !self.projection.ever_seen(asked.index) {
            return Err(Silence::NotEnoughData);
        }
        let mut periods = Vec::new();
        let (mut holds, mut always) = (Vec::new(), vec![true; self.paths]);
        for (step, at) in self.steps(asked) {
            let mut values = if below {
                let (met, place) = match self.beside {
                    Some((met, place)) if met.values(asked.at, place, step).is_some() => {
                        (met, place)
                    }
                    Some(_) | None => (self.met, self.place),
                };
                met.values(asked.at, place, step).ok_or(Silence::NoData)?
            } else {
                self.projection.values(asked.index, self.place, self.tallies, step, self.paths)
            };
            values.truncate(self.paths);
            let direction = asked.direction();
            if at.on >= on {
                for (always, value) in always.iter_mut().zip(&values) {
                    *always &= asked.row.constraint.holds(*value, direction);
                }
            }
            if at.on == on {
                holds = values
                    .iter()
                    .filter(|value| value.is_finite())
                    .map(|value| asked.row.constraint.holds(*value, direction))
                    .collect();
            }
            let sample = Sample::new(values);
            if sample.len() * 2 <= self.paths {
                return Err(Silence::NotEnoughData);
            }
            periods.push(sample.expectation(at.on));
        }
        let share = |hits: &[bool]| {
            (!hits.is_empty())
                .then(|| number(hits.iter().filter(|hit| **hit).count()) / number(hits.len()))
        };
        let asks = asked.row.applies != Applies::NotHere;
        let yearly = matches!(asked.target.horizon, Horizon::Yearly { .. });
        let assigned = asked.row.applies == Applies::Assigned;
        Ok(Fan {
            basis: Basis::Register,
            method,
            replaced: None,
            from,
            periods,
            probability: share(&holds).filter(|_| asks),
            // A part differs from year to year, so that one number says nothing of all of them.
            every_year: share(&always).filter(|_| asks && yearly && !assigned),
            back_test,
            points: points.len(),
        })
    }

    /// From published figures alone.
    fn published(&self, asked: &Asked<'_>) -> Result<Fan, Silence> {
        if asked.on.is_none() {
            return Err(Silence::HorizonPassed);
        }
        let points = self.figures(asked);
        let Some((day, value)) = points.last().map(|(day, point)| (*day, point.value)) else {
            return Err(Silence::NoData);
        };
        let points: Vec<Point> = points.into_iter().map(|(_, point)| point).collect();
        if points.len() < totals::LEAST_POINTS || asked.indicator.measure == Measure::Flow {
            return Err(Silence::NotEnoughData);
        }
        let from = (day, value);
        let back_test = back_test(&points, asked.reading.limits);
        let worse = back_test.is_some_and(|t| t.pairs >= LEAST_PAIRS && t.is_worse_than_naive());
        let mut fan = match self.naive(asked, &points, from, Basis::Published).filter(|_| worse) {
            Some(naive) => Fan { replaced: Some(Method::Totals), ..naive },
            None => self.totals(asked, &points, from, Basis::Published)?,
        };
        fan.back_test = back_test;
        Ok(fan)
    }

    /// Published figures behind the last break of the series, one for a day, oldest first.
    fn figures(&self, asked: &Asked<'_>) -> Vec<(Date, Point)> {
        let breaks = self
            .world
            .board
            .frame
            .pack
            .breaks
            .iter()
            .filter(|b| b.series == asked.indicator.id && b.to <= self.world.board.as_of());
        let since = breaks.map(|found| found.to).max();
        let mut points: Vec<(Date, Point)> = Vec::new();
        for figure in &asked.row.figures {
            let Some(noise) = noise(figure) else { continue };
            if since.is_some_and(|since| figure.as_of < since) || !figure.value.is_finite() {
                continue;
            }
            let point = Point { at: in_years(figure.as_of), value: figure.value, noise };
            match points.last_mut() {
                // Of two figures for one day the firmer counts.
                Some((day, held)) if *day == figure.as_of => {
                    if point.noise < held.noise {
                        *held = point;
                    }
                }
                Some(_) | None => points.push((figure.as_of, point)),
            }
        }
        points
    }

    fn totals(
        &self,
        asked: &Asked<'_>,
        points: &[Point],
        from: (Date, f64),
        basis: Basis,
    ) -> Result<Fan, Silence> {
        if points.len() < totals::LEAST_POINTS {
            return Err(Silence::NotEnoughData);
        }
        let steps: Vec<&Step> = self.steps(asked).map(|(_, step)| step).collect();
        let times: Vec<f64> = steps.iter().map(|step| in_years(step.on)).collect();
        let mut out = vec![Student::default(); times.len()];
        totals::forecast(points, &times, &mut out);
        let known = |student| Known { student, limits: asked.reading.limits, odds: false };
        let ahead: Vec<(Date, Known)> =
            steps.iter().map(|step| step.on).zip(out.into_iter().map(known)).collect();
        Ok(closed(asked, &ahead, points.len(), from, basis, Method::Totals))
    }

    fn naive(
        &self,
        asked: &Asked<'_>,
        points: &[Point],
        from: (Date, f64),
        basis: Basis,
    ) -> Option<Fan> {
        let ahead: Vec<(Date, Known)> = self
            .steps(asked)
            .map(|(_, step)| {
                Some((step.on, projection::naive(points, asked.reading.limits, step.on)?))
            })
            .collect::<Option<_>>()?;
        (!ahead.is_empty())
            .then(|| closed(asked, &ahead, points.len(), from, basis, Method::NaiveDrift))
    }
}

/// A fan in closed form.
fn closed(
    asked: &Asked<'_>,
    ahead: &[(Date, Known)],
    points: usize,
    from: (Date, f64),
    basis: Basis,
    method: Method,
) -> Fan {
    // All steps rest on the same values, and so share their degrees of freedom.
    let quantiles = Quantiles::of(ahead.first().map_or(2.0, |(_, known)| known.student.freedom));
    let periods: Vec<Expectation> =
        ahead.iter().map(|(on, known)| known.expectation(*on, &quantiles)).collect();
    let at = ahead.iter().find(|(on, _)| Some(*on) == asked.on);
    let asks = asked.row.applies != Applies::NotHere;
    let holds = at.map(|(_, known)| known.holds(asked.row.constraint, asked.direction()));
    Fan {
        basis,
        method,
        replaced: None,
        from,
        periods,
        probability: holds.filter(|_| asks),
        every_year: None,
        back_test: None,
        points,
    }
}

/// How uncertain a published figure is, in standard deviations of a final one; none for what is no observation.
fn noise(figure: &FigurePoint) -> Option<f64> {
    match figure.status {
        FigureStatus::Final => Some(1.0),
        FigureStatus::Provisional => Some(1.5),
        FigureStatus::Estimate | FigureStatus::Derived => Some(2.5),
        FigureStatus::LowConfidence => Some(4.0),
        FigureStatus::TargetPast | FigureStatus::Assumed => None,
    }
}

/// Forecasts of a bare series made anew from its first values, held against the later ones.
fn back_test(points: &[Point], limits: Limits) -> Option<BackTest> {
    let mut score = Score::default();
    for known in totals::LEAST_POINTS..points.len() {
        let (Some(past), Some(future)) = (points.get(..known), points.get(known..)) else {
            continue;
        };
        let times: Vec<f64> = future.iter().map(|point| point.at).collect();
        let mut out = vec![Student::default(); times.len().min(totals::MOST_STEPS)];
        totals::forecast(past, &times, &mut out);
        let quantiles = Quantiles::of(totals::freedom(known));
        for (point, student) in future.iter().zip(&out) {
            // Of the day only the distance counts, and that is in the times.
            let day = hoptac_model::date::year_end(2000);
            let Some(drift) = totals::naive(past, point.at) else { continue };
            let naive = Known { student: drift, limits, odds: false };
            let made = Known { student: *student, limits, odds: false };
            let expected = made.expectation(day, &quantiles);
            score.add(&expected, point.value, made.crps(point.value), naive.crps(point.value));
        }
        score.forecasts(0, known);
    }
    score.back_test()
}
