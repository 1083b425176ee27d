//! Scales and ticks: from values to places in a picture.

use std::fmt::Write as _;

/// A linear scale. A scale whose domain has no width puts everything in the middle of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// A scale from a domain of values to a range of places.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { domain, range }
    }

    /// The place of a value, which may lie outside the range.
    pub fn at(self, value: f64) -> f64 {
        let width = self.domain.1 - self.domain.0;
        if !width.is_finite() || width.abs() < 1e-12 || !value.is_finite() {
            return f64::midpoint(self.range.0, self.range.1);
        }
        self.range.0 + (value - self.domain.0) / width * (self.range.1 - self.range.0)
    }

    /// The place of a value, held at the ends of the range.
    pub fn within(self, value: f64) -> f64 {
        let (low, high) = (self.range.0.min(self.range.1), self.range.0.max(self.range.1));
        self.at(value).clamp(low, high)
    }
}

/// Round numbers that cover a span, about `wanted` of them, from at or below `low` to at or above `high`.
pub fn ticks(low: f64, high: f64, wanted: u8) -> Vec<f64> {
    if !low.is_finite() || !high.is_finite() {
        return vec![0.0];
    }
    let span = if high - low > 1e-9 { high - low } else { high.abs().max(1.0) };
    let rough = span / f64::from(wanted.max(1));
    let magnitude = 10_f64.powf(rough.log10().floor());
    // A quarter is a round number of tens and hundreds only: nobody counts organisations by 2,5.
    let steps: &[f64] =
        if magnitude >= 10.0 { &[1.0, 2.0, 2.5, 5.0, 10.0] } else { &[1.0, 2.0, 5.0, 10.0] };
    let step = steps
        .iter()
        .map(|times| times * magnitude)
        .find(|step| *step >= rough - 1e-12)
        .unwrap_or(magnitude * 10.0);
    let first = (low / step + 1e-9).floor();
    let last = ((low + span).max(high) / step - 1e-9).ceil();
    let mut ticks = Vec::new();
    let mut at = first;
    // A span of a few steps; the bound only guards against odd floats.
    while at <= last + 0.5 && ticks.len() < 50 {
        ticks.push(at * step);
        at += 1.0;
    }
    ticks
}

/// How many decimals show the step between ticks.
pub fn decimals(ticks: &[f64]) -> u8 {
    let step = match ticks {
        [first, second, ..] => (second - first).abs(),
        _ => 1.0,
    };
    (0..4)
        .find(|d| {
            let scaled = step * 10_f64.powi(i32::from(*d));
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(4)
}

/// A coordinate, to a tenth and without needless zeros: the same on every machine.
pub fn px(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let shown = format!("{value:.1}");
    let shown = shown.strip_suffix(".0").unwrap_or(&shown);
    if shown == "-0" { "0".to_owned() } else { shown.to_owned() }
}

/// A path through points; a gap lifts the pen.
pub fn path(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut drawn = String::new();
    let mut pen_down = false;
    for point in points {
        let Some((x, y)) = point else {
            pen_down = false;
            continue;
        };
        let letter = if pen_down { 'L' } else { 'M' };
        // Writing to a string does not fail.
        let _ = write!(drawn, "{letter}{} {}", px(x), px(y));
        pen_down = true;
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: f64, high: f64, want: &[f64]) {
        assert_eq!(ticks(low, high, 4), want);
    }

    #[test]
    fn ticks_are_round_and_cover_the_span() {
        check(0.0, 850.0, &[0.0, 250.0, 500.0, 750.0, 1000.0]);
        check(0.0, 100.0, &[0.0, 25.0, 50.0, 75.0, 100.0]);
    }
    #[test]
    fn small_counts_step_by_whole_numbers() {
        check(0.0, 11.0, &[0.0, 5.0, 10.0, 15.0]);
    }
    #[test]
    fn ticks_of_a_loss_reach_below_zero() {
        check(-30.0, 50.0, &[-40.0, -20.0, 0.0, 20.0, 40.0, 60.0]);
    }
    #[test]
    fn ticks_of_nothing_at_all() {
        check(0.0, 0.0, &[0.0, 0.5, 1.0]);
        check(f64::NAN, 1.0, &[0.0]);
    }
    #[test]
    fn decimals_are_those_of_the_step() {
        assert_eq!(decimals(&[0.0, 250.0]), 0);
        assert_eq!(decimals(&[0.0, 0.25]), 2);
        assert_eq!(decimals(&[]), 0);
    }
    #[test]
    fn a_domain_without_width_is_in_the_middle() {
        assert!((Scale::new((5.0, 5.0), (0.0, 10.0)).at(5.0) - 5.0).abs() < 1e-9);
    }
    #[test]
    fn a_gap_lifts_the_pen() {
        let points = [Some((0.0, 1.0)), None, Some((2.0, 3.04)), Some((4.0, 5.0))];
        assert_eq!(path(points), "M0 1M2 3L4 5");
    }
}
