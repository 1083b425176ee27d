//! Bare yearly series, one value a year and nothing else known: what published totals are forecast with, for whoever has
//! many of them.

use hoptac_model::date::year_end;
use hoptac_model::forecast::Expectation;

use super::spread::{Known, Limits, Quantiles, Student, number};
use super::totals::{self, LEAST_POINTS, MOST_STEPS, Point};

/// Forecasts the years after the last value, one expectation for each; none for a series too short to say how it moves.
/// Values are one for each year from `first_year` on and lie between nothing and infinity, as counts and sums do.
pub fn forecast(values: &[f64], first_year: i16, ahead: usize) -> Vec<Expectation> {
    let points = points(values);
    if points.len() < LEAST_POINTS || values.iter().any(|value| !value.is_finite()) {
        return Vec::new();
    }
    let ahead = ahead.min(MOST_STEPS);
    let mut times = [0.0; MOST_STEPS];
    let mut students = [Student::default(); MOST_STEPS];
    for (step, time) in times.iter_mut().enumerate() {
        *time = number(values.len() + step);
    }
    let (Some(times), Some(out)) = (times.get(..ahead), students.get_mut(..ahead)) else {
        return Vec::new();
    };
    totals::forecast(&points, times, out);
    let quantiles = Quantiles::of(totals::freedom(points.len()));
    let next = i16::try_from(values.len()).unwrap_or(i16::MAX).saturating_add(first_year);
    let years = (0_i16..).map(|step| next.saturating_add(step));
    out.iter()
        .zip(years)
        .map(|(student, year)| {
            let known = Known { student: *student, limits: Limits::COUNT, odds: false };
            known.expectation(year_end(year), &quantiles)
        })
        .collect()
}

/// The naive drift of the years after the last value: its average change goes on. None below three values.
pub fn drift(values: &[f64], ahead: usize) -> Option<Vec<f64>> {
    let points = points(values);
    let centre = |step| Some(totals::naive(&points, number(values.len() + step))?.centre);
    (0..ahead).map(centre).collect()
}

fn points(values: &[f64]) -> Vec<Point> {
    let values = values.iter().enumerate();
    values.map(|(at, value)| Point { at: number(at), value: *value, noise: 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_goes_on_from_the_year_after_its_last() {
        let fan = forecast(&[206.0, 226.0, 230.0, 250.0, 300.0, 310.0], 2019, 5);
        assert_eq!(
            fan.iter().map(|one| one.on.year()).collect::<Vec<_>>(),
            [2025, 2026, 2027, 2028, 2029]
        );
        assert!(
            fan.iter()
                .all(|one| one.interval_80.low < one.median && one.median < one.interval_80.high)
        );
        assert!(
            fan[4].interval_80.high - fan[4].interval_80.low
                > fan[0].interval_80.high - fan[0].interval_80.low
        );
        assert_eq!(drift(&[10.0, 12.0, 14.0], 2), Some(vec![16.0, 18.0]));
    }
    #[test]
    fn what_is_too_short_or_no_number_has_no_forecast() {
        assert!(forecast(&[1.0, 2.0, 3.0], 2020, 5).is_empty());
        assert!(forecast(&[1.0, 2.0, f64::NAN, 3.0], 2020, 5).is_empty());
        assert_eq!(forecast(&[0.0; 6], 2020, 1000).len(), MOST_STEPS);
        assert_eq!(drift(&[1.0], 3), None);
    }
}
