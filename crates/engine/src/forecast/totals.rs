//! Published totals and other bare series: a level with a damped trend under noise, seen at irregular times.
//!
//! A local linear trend [Durbin & Koopman 2012, ch. 3] in continuous time [Harvey 1989, ch. 9], its trend damped
//! [Gardner & McKenzie 1985], run through the Kalman filter. All variances are relative to that of the level, whose own
//! scale has an inverse-gamma prior, so every filter gives a Student t; how strongly the trend moves, how noisy the
//! observations are and how quickly the trend fades are averaged over a small grid by their likelihoods. The mixture is
//! brought back to one Student t with its mean and variance: closed form, no sampling, no allocation.

use crate::forecast::spread::Student;

/// One published value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// When, in years from any fixed day.
    pub(crate) at: f64,
    pub(crate) value: f64,
    /// How uncertain it is, in standard deviations of a final value.
    pub(crate) noise: f64,
}

/// How far ahead a series may be looked into at once.
pub(crate) const MOST_STEPS: usize = 32;

/// Fewer values say nothing of how they move.
pub(crate) const LEAST_POINTS: usize = 4;

/// Variance of the trend's steps.
const TREND: [f64; 3] = [0.01, 0.1, 0.5];
/// Variance of a final observation.
const NOISE: [f64; 3] = [0.01, 0.1, 0.6];
/// The part of the trend left after a year.
const LEFT: [f64; 2] = [0.8, 0.95];

/// All settings that are averaged.
fn grid() -> impl Iterator<Item = (f64, f64, f64)> {
    TREND.into_iter().flat_map(|trend| {
        NOISE
            .into_iter()
            .flat_map(move |noise| LEFT.into_iter().map(move |left| (trend, noise, left)))
    })
}

/// What the prior of the scale weighs, in observations.
const PRIOR_FREEDOM: f64 = 3.0;
/// The scale that the prior expects in a year, as a part of the level.
const PRIOR_SCALE: f64 = 0.04;
/// The standard deviation of the first trend, in scales of the level.
const PRIOR_TREND: f64 = 3.0;

/// The degrees of freedom of a forecast from so many values.
pub(crate) fn freedom(points: usize) -> f64 {
    PRIOR_FREEDOM + super::spread::number(points) - 1.0
}

/// Level and trend with their covariance, in scales of the level.
#[derive(Clone, Copy)]
struct State {
    level: f64,
    trend: f64,
    level_level: f64,
    level_trend: f64,
    trend_trend: f64,
}

impl State {
    fn ahead(self, years: f64, (moves, _, left): (f64, f64, f64)) -> Self {
        let kept = left.powf(years);
        let reach = (1.0 - kept) / -left.ln();
        let level_trend = self.level_trend + reach * self.trend_trend;
        Self {
            level: self.level + reach * self.trend,
            trend: kept * self.trend,
            level_level: self.level_level
                + reach * (self.level_trend + level_trend)
                + years
                + moves * years.powi(3) / 3.0,
            level_trend: kept * level_trend + moves * years * years / 2.0,
            trend_trend: kept * kept * self.trend_trend + moves * years,
        }
    }
}

/// Forecasts the series at some times after its last value, oldest first, one Student t each into `out`. Points are
/// oldest first; two at the same time, or none at all, are for the caller to have refused.
pub(crate) fn forecast(points: &[Point], times: &[f64], out: &mut [Student]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let count = times.len().min(out.len()).min(MOST_STEPS);
    let size =
        points.iter().map(|p| p.value.abs()).sum::<f64>() / super::spread::number(points.len());
    // A series of zeros still has the scale of one.
    let prior = PRIOR_FREEDOM * (PRIOR_SCALE * size.max(1.0)).powi(2);
    let freedom = freedom(points.len());
    let mut best = f64::NEG_INFINITY;
    let mut weight = 0.0;
    let mut moments = [(0.0, 0.0); MOST_STEPS];
    for node in grid() {
        let (_, noise, _) = node;
        let mut state = State {
            level: first.value,
            trend: 0.0,
            level_level: noise * first.noise * first.noise,
            level_trend: 0.0,
            trend_trend: PRIOR_TREND * PRIOR_TREND,
        };
        let mut now = first.at;
        let (mut squares, mut log) = (prior, 0.0);
        for point in points.iter().skip(1) {
            state = state.ahead((point.at - now).max(1e-3), node);
            now = point.at;
            let variance = state.level_level + noise * point.noise * point.noise;
            let off = point.value - state.level;
            let (gain, gain_trend) = (state.level_level / variance, state.level_trend / variance);
            squares += off * off / variance;
            log -= 0.5 * variance.ln();
            state = State {
                level: state.level + gain * off,
                trend: state.trend + gain_trend * off,
                level_level: state.level_level * (1.0 - gain),
                level_trend: state.level_trend * (1.0 - gain),
                trend_trend: state.trend_trend - gain_trend * state.level_trend,
            };
        }
        log -= 0.5 * freedom * squares.ln();
        // Weights are relative to the best node so far, so that nothing under- or overflows.
        let scaled = if log > best {
            let shrink = (best - log).exp();
            weight *= shrink;
            for (mean, square) in &mut moments {
                *mean *= shrink;
                *square *= shrink;
            }
            best = log;
            1.0
        } else {
            (log - best).exp()
        };
        weight += scaled;
        let scale = squares / freedom;
        for (time, (mean, square)) in times.iter().take(count).zip(&mut moments) {
            let then = state.ahead((time - last.at).max(1e-3), node);
            let variance = scale * (then.level_level + noise) * freedom / (freedom - 2.0);
            // Around the last value, so that squares of large totals do not swallow the variance.
            let off = then.level - last.value;
            *mean += scaled * off;
            *square += scaled * (variance + off * off);
        }
    }
    for ((mean, square), student) in moments.iter().take(count).zip(out) {
        let (mean, square) = (mean / weight, square / weight);
        let variance = (square - mean * mean).max(0.0);
        *student = Student {
            centre: last.value + mean,
            scale: (variance * (freedom - 2.0) / freedom).sqrt(),
            freedom,
        };
    }
}

/// The naive drift [Hyndman & Athanasopoulos 2021, 5.2]: the average change goes on, its uncertainty growing with the time
/// ahead and with the shortness of the series. None below three values.
pub(crate) fn naive(points: &[Point], time: f64) -> Option<Student> {
    let (first, last) = (points.first()?, points.last()?);
    let span = last.at - first.at;
    if points.len() < 3 || span <= 0.0 {
        return None;
    }
    let steps = points.len() - 1;
    let drift = (last.value - first.value) / span;
    let squares: f64 = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| (b.value - a.value - drift * (b.at - a.at)).powi(2) / (b.at - a.at).max(1e-3))
        .sum();
    let freedom = super::spread::number(steps - 1).max(1.0);
    let ahead = (time - last.at).max(0.0);
    let variance = squares / freedom * ahead * (1.0 + ahead / span);
    // Below two degrees of freedom a t has no score worth comparing.
    Some(Student {
        centre: last.value + drift * ahead,
        scale: variance.sqrt(),
        freedom: freedom.max(2.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let at = |(i, value): (usize, &f64)| Point {
            at: crate::forecast::spread::number(i),
            value: *value,
            noise: 1.0,
        };
        values.iter().enumerate().map(at).collect()
    }

    #[test]
    fn a_straight_line_goes_on_and_slows_down() {
        let mut out = [Student::default(); 2];
        let line = points(&[100.0, 110.0, 120.0, 130.0, 140.0, 150.0]);
        forecast(&line, &[6.0, 15.0], &mut out);
        assert!((out[0].centre - 159.0).abs() < 2.0, "{out:?}");
        assert!(out[1].centre > 200.0 && out[1].centre < 240.0, "{out:?}");
        assert!(out[1].scale > 2.0 * out[0].scale);
    }
    #[test]
    fn zeros_stay_about_zero() {
        let mut out = [Student::default()];
        forecast(&points(&[0.0; 5]), &[6.0], &mut out);
        assert!(out[0].centre.abs() < 1e-9 && out[0].scale < 1.0, "{out:?}");
    }
    #[test]
    fn an_uncertain_last_value_moves_less() {
        let mut sure = points(&[10.0, 10.0, 10.0, 10.0, 14.0]);
        let mut out = [Student::default(); 2];
        forecast(&sure, &[5.0], &mut out[..1]);
        sure[4].noise = 4.0;
        forecast(&sure, &[5.0], &mut out[1..]);
        assert!(out[1].centre < out[0].centre, "{out:?}");
    }
    #[test]
    fn the_naive_drift_is_the_mean_change() {
        let drift = naive(&points(&[1.0, 4.0, 5.0]), 4.0).unwrap();
        assert!((drift.centre - 9.0).abs() < 1e-12 && drift.scale > 0.0);
        assert_eq!(naive(&points(&[1.0, 4.0]), 4.0), None);
    }
}
