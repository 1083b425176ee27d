//! Shares and averages that drift: a random walk of log odds, or of a logarithm, with a trend that fades.
//!
//! The yearly steps of the series are normal around their trend; trend and variance have the conjugate
//! normal-inverse-gamma prior [Gelman et al. 2013, 3.3], so that a few years give wide paths and not false certainty. The
//! trend loses a tenth each year [Gardner & McKenzie 1985]. A place walks with the territory; its distance from it is
//! partly lasting and partly chance [Casella 1985], and chance is forgotten as fast as the places forgot it so far.

use crate::forecast::chance::Chance;
use crate::forecast::flows::Step;
use crate::forecast::spread::number;

/// What is left of the trend after a year.
const LEFT: f64 = 0.9;
/// How many steps the expectation of no trend weighs.
const PRIOR_STEPS: f64 = 1.0;
/// How many steps the expected variance weighs.
const PRIOR_FREEDOM: f64 = 3.0;

/// How a value is turned into one that walks on the whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// A part of a whole: log odds.
    Odds,
    /// An average: its logarithm.
    Log,
}

impl Scale {
    /// The standard deviation of a year's step that is expected before anything is seen.
    fn step(self) -> f64 {
        match self {
            Self::Odds => 0.15,
            Self::Log => 0.05,
        }
    }

    /// A quotient on the line, with the variance that chance gives it; none where it has no place there.
    pub(crate) fn place(self, above: f64, below: f64) -> Option<(f64, f64)> {
        match self {
            Self::Odds => {
                let (yes, no) = (above + 0.5, below - above + 0.5);
                (below > 0.0 && no > 0.0 && yes > 0.0)
                    .then(|| ((yes / no).ln(), 1.0 / yes + 1.0 / no))
            }
            Self::Log => {
                (above > 0.0 && below > 0.0).then(|| ((above / below).ln(), 0.25 / below.max(1.0)))
            }
        }
    }

    /// Back from the line.
    pub(crate) fn value(self, at: f64) -> f64 {
        match self {
            Self::Odds => 1.0 / (1.0 + (-at).exp()),
            Self::Log => at.min(60.0).exp(),
        }
    }
}

/// A walk fitted to the yearly values of a territory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    last: f64,
    trend: f64,
    /// How many steps the trend rests on.
    steps: f64,
    freedom: f64,
    /// The sum of squares of the posterior.
    squares: f64,
}

impl Walk {
    /// Fits values on the line, one for each year, oldest first, and where it stands now. None below two steps.
    pub(crate) fn fit(scale: Scale, values: &[Option<f64>], now: f64) -> Option<Self> {
        let steps: Vec<f64> = values
            .iter()
            .zip(values.iter().skip(1))
            .filter_map(|(a, b)| Some((*b)? - (*a)?))
            .collect();
        if steps.len() < 2 {
            return None;
        }
        let count = number(steps.len());
        let mean = steps.iter().sum::<f64>() / count;
        let squares: f64 = steps.iter().map(|step| (step - mean).powi(2)).sum();
        let weight = PRIOR_STEPS + count;
        Some(Self {
            last: now,
            trend: count * mean / weight,
            steps: weight,
            freedom: PRIOR_FREEDOM + count,
            squares: PRIOR_FREEDOM * scale.step().powi(2)
                + squares
                + PRIOR_STEPS * count / weight * mean * mean,
        })
    }

    /// Where paths stand after each step, steps within paths.
    pub(crate) fn paths(&self, chance: &mut Chance, paths: usize, steps: &[Step]) -> Vec<f64> {
        let mut walked = Vec::with_capacity(paths * steps.len());
        for _ in 0..paths {
            let variance = self.squares / chance.gamma(self.freedom / 2.0, 2.0).max(1e-9);
            let mut trend = self.trend + (variance / self.steps).sqrt() * chance.normal();
            let mut at = self.last;
            for step in steps {
                at += trend * step.length + (variance * step.length).sqrt() * chance.normal();
                trend *= LEFT.powf(step.length);
                walked.push(at);
            }
        }
        walked
    }
}

/// How places differ from the territory on the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Distances {
    /// The variance of lasting distances.
    lasting: f64,
    /// How much of a chance distance is left after a year.
    memory: f64,
}

impl Distances {
    /// Reads them off the distances of places, one list of years for each place, with the variance of chance.
    pub(crate) fn fit(places: &[Vec<Option<(f64, f64)>>]) -> Self {
        let last = || places.iter().filter_map(|years| years.iter().rev().flatten().next());
        let count = number(last().count());
        let squares: f64 = last().map(|(distance, chance)| distance * distance - chance).sum();
        let lasting = if count > 0.0 { (squares / count).max(0.0) } else { 0.0 };
        let (mut product, mut square) = (0.0, 0.0);
        for years in places {
            for (before, after) in years.iter().zip(years.iter().skip(1)) {
                if let (Some((before, _)), Some((after, _))) = (before, after) {
                    product += before * after;
                    square += before * before;
                }
            }
        }
        // Pulled towards a half, which weighs as much as one distance.
        let memory = (product + 0.5) / (square + 1.0);
        Self { lasting, memory: memory.clamp(0.2, 0.98) }
    }

    /// The distance to expect of a place after some years, and the standard deviation of chance then.
    pub(crate) fn after(&self, distance: f64, chance: f64, years: f64) -> (f64, f64) {
        let kept = self.lasting / (self.lasting + chance).max(1e-12);
        let left = self.memory.powf(years);
        let lasting = kept * distance;
        (lasting + (distance - lasting) * left, (chance * (1.0 - left * left)).max(0.0).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_and_back() {
        let (at, _) = Scale::Odds.place(30.0, 60.0).unwrap();
        assert!((Scale::Odds.value(at) - 0.5).abs() < 1e-12);
        assert_eq!(Scale::Odds.place(0.0, 0.0), None);
        assert_eq!(Scale::Log.place(0.0, 5.0), None);
    }
    #[test]
    fn two_steps_are_the_least() {
        assert!(Walk::fit(Scale::Odds, &[Some(0.0), Some(0.1)], 0.1).is_none());
        assert!(Walk::fit(Scale::Odds, &[Some(0.0), None, Some(0.1), Some(0.2)], 0.2).is_none());
        assert!(Walk::fit(Scale::Odds, &[Some(0.0), Some(0.1), Some(0.2)], 0.2).is_some());
    }
    #[test]
    fn chance_is_forgotten_and_what_lasts_stays() {
        let distances = Distances { lasting: 1.0, memory: 0.5 };
        let (now, sure) = distances.after(2.0, 1.0, 0.0);
        assert!((now - 2.0).abs() < 1e-12 && sure < 1e-6);
        let (later, unsure) = distances.after(2.0, 1.0, 20.0);
        assert!((later - 1.0).abs() < 1e-3 && unsure > 0.9);
    }
}
