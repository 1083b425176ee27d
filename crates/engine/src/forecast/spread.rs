//! Distributions of a future value: drawn samples and Student's t, with their quantiles, probabilities and scores.

use std::collections::BTreeSet;

use hoptac_model::forecast::{BackTest, Band, Expectation};
use hoptac_model::target::{Constraint, Direction};
use jiff::civil::Date;
use statrs::distribution::{Continuous as _, ContinuousCDF as _, StudentsT};
use statrs::function::beta::ln_beta;

/// What a fan shows: both ends of the 95, 80 and 50 % intervals around the median.
const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// Where values of the quantity can lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Limits {
    pub(crate) const NONE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    pub(crate) const PERCENT: Self = Self { low: 0.0, high: 100.0 };
    pub(crate) const COUNT: Self = Self { low: 0.0, high: f64::INFINITY };

    fn hold(self, value: f64) -> f64 {
        value.max(self.low).min(self.high)
    }
}

/// A number of things as a number to compute with.
pub(crate) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn expectation(on: Date, quantiles: [f64; 7]) -> Expectation {
    let [low_95, low_80, low_50, median, high_50, high_80, high_95] = quantiles;
    Expectation {
        on,
        median,
        interval_50: Band { low: low_50, high: high_50 },
        interval_80: Band { low: low_80, high: high_80 },
        interval_95: Band { low: low_95, high: high_95 },
    }
}

/// Drawn values in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// Sorts drawn values; what is no number is left out.
    pub(crate) fn new(mut values: Vec<f64>) -> Self {
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which a part of the sample lies.
    fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the sample"
        )]
        let at = (part * number(last)).round() as usize;
        self.0.get(at.min(last)).copied().unwrap_or(0.0)
    }

    /// Of an empty sample, zero.
    pub(crate) fn expectation(&self, on: Date) -> Expectation {
        expectation(on, LEVELS.map(|level| self.quantile(level)))
    }

    pub(crate) fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / number(self.0.len().max(1))
    }

    /// The continuous ranked probability score [Gneiting & Raftery 2007, eq. 21], over the sorted sample.
    pub(crate) fn crps(&self, value: f64) -> f64 {
        let count = number(self.0.len().max(1));
        let off: f64 = self.0.iter().map(|x| (x - value).abs()).sum::<f64>() / count;
        // Half the mean distance of two draws: every gap is counted by the pairs on both of its sides.
        let spread: f64 = self
            .0
            .iter()
            .enumerate()
            .map(|(at, x)| x * (2.0 * number(at) + 1.0 - count))
            .sum::<f64>()
            / (count * count);
        off - spread
    }
}

/// Student's t around a centre; without a scale, the centre alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Student {
    pub(crate) centre: f64,
    pub(crate) scale: f64,
    pub(crate) freedom: f64,
}

impl Student {
    fn standard(self) -> Option<StudentsT> {
        let known = self.scale > 0.0 && self.scale.is_finite() && self.centre.is_finite();
        if known { StudentsT::new(0.0, 1.0, self.freedom).ok() } else { None }
    }

    /// The value at a quantile of the standard t.
    fn at(self, quantile: f64) -> f64 {
        self.centre + if self.scale.is_finite() { self.scale * quantile } else { 0.0 }
    }

    /// The continuous ranked probability score of Student's t [Jordan, Krüger & Lerch 2019].
    pub(crate) fn crps(self, value: f64) -> f64 {
        let Some(standard) = self.standard().filter(|_| self.freedom > 1.0) else {
            return (value - self.centre).abs();
        };
        let (z, nu) = ((value - self.centre) / self.scale, self.freedom);
        let ratio = (ln_beta(0.5, nu - 0.5) - 2.0 * ln_beta(0.5, nu / 2.0)).exp();
        self.scale
            * (z * (2.0 * standard.cdf(z) - 1.0)
                + 2.0 * standard.pdf(z) * (nu + z * z) / (nu - 1.0)
                - 2.0 * nu.sqrt() / (nu - 1.0) * ratio)
    }
}

/// A forecast in closed form: a Student t of the value itself, or of the log odds of a percentage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) student: Student,
    pub(crate) limits: Limits,
    /// Whether the t is of log odds, so that no percentage leaves 0 to 100.
    pub(crate) odds: bool,
}

impl Known {
    fn value(self, at: f64) -> f64 {
        if self.odds { 100.0 / (1.0 + (-at).exp()) } else { self.limits.hold(at) }
    }

    /// The log odds of a percentage, those of nothing and all held at half a percent from the ends.
    pub(crate) fn odds_of(percent: f64) -> f64 {
        let held = percent.clamp(0.5, 99.5);
        (held / (100.0 - held)).ln()
    }

    pub(crate) fn expectation(self, on: Date, quantiles: &Quantiles) -> Expectation {
        expectation(on, quantiles.0.map(|q| self.value(self.student.at(q))))
    }

    /// The probability that a constraint holds.
    pub(crate) fn holds(self, constraint: Constraint, direction: Direction) -> f64 {
        let Some(standard) = self.student.standard() else {
            let sure = constraint.holds(self.value(self.student.centre), direction);
            return if sure { 1.0 } else { 0.0 };
        };
        let below = |end: f64| {
            if self.odds && end <= 0.0 {
                return 0.0;
            }
            if self.odds && end >= 100.0 {
                return 1.0;
            }
            let end = if self.odds { (end / (100.0 - end)).ln() } else { end };
            standard.cdf((end - self.student.centre) / self.student.scale)
        };
        let (low, high) = constraint.bounds(direction);
        (high.map_or(1.0, below) - low.map_or(0.0, below)).clamp(0.0, 1.0)
    }

    /// The continuous ranked probability score.
    pub(crate) fn crps(self, value: f64) -> f64 {
        let Some(standard) = self.student.standard().filter(|_| self.odds) else {
            return self.student.crps(value);
        };
        let parts = (1..100_u32).map(|part| standard.inverse_cdf(f64::from(part) / 100.0));
        Sample::new(parts.map(|q| self.value(self.student.at(q))).collect()).crps(value)
    }
}

/// The quantiles of a standard t that a fan shows. Thousands of series share the few degrees of freedom there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quantiles([f64; 7]);

impl Quantiles {
    pub(crate) fn of(freedom: f64) -> Self {
        StudentsT::new(0.0, 1.0, freedom).map_or(Self([0.0; 7]), |standard| {
            Self(LEVELS.map(|level| standard.inverse_cdf(level)))
        })
    }
}

/// Scores of forecasts against what came, summed up to a back-test.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    /// The days that forecasts were made from, by any mark.
    origins: BTreeSet<usize>,
    /// Whose series they are.
    series: BTreeSet<usize>,
    pairs: usize,
    covered: [usize; 3],
    crps: f64,
    crps_naive: f64,
}

impl Score {
    pub(crate) fn add(&mut self, expected: &Expectation, value: f64, crps: f64, naive: f64) {
        self.pairs += 1;
        let bands = [expected.interval_50, expected.interval_80, expected.interval_95];
        for (covered, band) in self.covered.iter_mut().zip(bands) {
            *covered += usize::from(band.covers(value));
        }
        self.crps += crps;
        self.crps_naive += naive;
    }

    /// Marks that values of a series were forecast from a past day.
    pub(crate) fn forecasts(&mut self, series: usize, origin: usize) {
        self.series.insert(series);
        self.origins.insert(origin);
    }

    pub(crate) fn back_test(&self) -> Option<BackTest> {
        let pairs = number(self.pairs);
        let [coverage_50, coverage_80, coverage_95] = self.covered.map(|c| number(c) / pairs);
        (self.pairs > 0 && self.crps.is_finite() && self.crps_naive.is_finite()).then_some(
            BackTest {
                origins: self.origins.len(),
                series: self.series.len(),
                pairs: self.pairs,
                coverage_50,
                coverage_80,
                coverage_95,
                crps: self.crps / pairs,
                crps_naive: self.crps_naive / pairs,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_of_two_draws_is_that_of_the_definition() {
        // E|X - 0| is 2, half of E|X - X'| is half of 1.
        let sample = Sample::new(vec![1.0, 3.0]);
        assert!((sample.crps(0.0) - 1.5).abs() < 1e-12);
    }
    #[test]
    fn a_wide_t_is_nearly_normal() {
        // The score of a standard normal at its centre is (sqrt(2) - 1) / sqrt(pi).
        let wide = Student { centre: 0.0, scale: 1.0, freedom: 1e5 };
        assert!((wide.crps(0.0) - 0.233_695).abs() < 1e-4, "{}", wide.crps(0.0));
        let Quantiles(q) = Quantiles::of(1e5);
        assert!((q[6] - 1.959_96).abs() < 1e-3 && (q[3]).abs() < 1e-9, "{q:?}");
        let Quantiles(q) = Quantiles::of(8.0);
        assert!((q[5] - 1.396_8).abs() < 1e-3, "{q:?}");
    }
    #[test]
    fn a_percentage_stays_one() {
        let student = Student { centre: Known::odds_of(90.0), scale: 2.0, freedom: 5.0 };
        let known = Known { student, limits: Limits::PERCENT, odds: true };
        let expected = known.expectation(hoptac_model::date::year_end(2030), &Quantiles::of(5.0));
        assert!((expected.median - 90.0).abs() < 1e-6, "{expected:?}");
        assert!(expected.interval_95.high < 100.0 && expected.interval_95.low > 0.0);
        let all = Constraint::All { value: 100.0 };
        assert!(known.holds(all, Direction::Up) < 1e-9);
        assert!(
            (known.holds(Constraint::MoreThan { value: 90.0 }, Direction::Up) - 0.5).abs() < 1e-6
        );
        assert!(known.crps(90.0) < known.crps(20.0));
    }
    #[test]
    fn without_a_scale_the_centre_decides() {
        let sure = Student { centre: 5.0, scale: 0.0, freedom: 4.0 };
        let known = Known { student: sure, limits: Limits::NONE, odds: false };
        let asked = |value| Constraint::AtLeast { value, expected_up_to: None };
        assert!(known.holds(asked(5.0), Direction::Up) > 0.5);
        assert!(known.holds(asked(6.0), Direction::Up) < 0.5);
        assert!((sure.crps(7.0) - 2.0).abs() < 1e-12);
    }
}
