//! Chance: a stream of random numbers that is the same for the same seed on every machine, and draws that never panic.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Gamma, Poisson, StandardNormal};

/// A stream of chance.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// One of the independent streams of a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// The stream of a seed that belongs to a name.
    pub(crate) fn named(seed: u64, name: &str) -> Self {
        // FNV-1a: short, and the same for ever.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        });
        Self::new(seed, hash)
    }

    /// From 0 up to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    pub(crate) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// Zero for a shape or scale that is not positive.
    pub(crate) fn gamma(&mut self, shape: f64, scale: f64) -> f64 {
        Gamma::new(shape, scale).map_or(0.0, |gamma| gamma.sample(&mut self.0))
    }

    pub(crate) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a, 1.0), self.gamma(b, 1.0));
        if x + y > 0.0 { x / (x + y) } else { 0.0 }
    }

    /// How many of some things happen, each with the same probability.
    ///
    /// Few are counted along the distribution function. Of many the one in the middle is drawn first, a beta, and says on
    /// which side of it to go on [Relles 1972].
    pub(crate) fn binomial(&mut self, mut count: u32, mut probability: f64) -> u32 {
        let mut happened = 0;
        while count > 0 && probability > 0.0 {
            if probability >= 1.0 {
                return happened + count;
            }
            if f64::from(count) * probability.min(1.0 - probability) < 12.0 {
                return happened + self.few(count, probability);
            }
            let middle = count / 2 + 1;
            let at = self.beta(f64::from(middle), f64::from(count + 1 - middle));
            if at <= probability {
                happened += middle;
                count -= middle;
                probability = (probability - at) / (1.0 - at);
            } else {
                count = middle - 1;
                probability /= at;
            }
        }
        happened
    }

    /// A binomial count by inversion: as many steps as things happen.
    fn few(&mut self, count: u32, probability: f64) -> u32 {
        if probability > 0.5 {
            return count - self.few(count, 1.0 - probability);
        }
        let mut at = self.uniform();
        // None is at least as likely as this: mostly nothing else has to be computed.
        if at < 1.0 - f64::from(count) * probability {
            return 0;
        }
        let odds = probability / (1.0 - probability);
        let mut mass = (f64::from(count) * (-probability).ln_1p()).exp();
        for happened in 0..count {
            if at < mass {
                return happened;
            }
            at -= mass;
            mass *= odds * f64::from(count - happened) / f64::from(happened + 1);
        }
        count
    }

    /// A count around a mean; none for a mean that is not positive.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        // Most places found less than one organisation a year: multiplying uniforms is the quickest there [Knuth 1969].
        if mean < 8.0 {
            let mut product = self.uniform();
            // None is at least as likely as this.
            if product <= 1.0 - mean {
                return 0;
            }
            let least = (-mean).exp();
            let mut count = 0;
            while product > least && count < 100 {
                product *= self.uniform();
                count += 1;
            }
            return count;
        }
        let Ok(poisson) = Poisson::new(mean.min(1e9)) else { return 0 };
        let drawn: f64 = poisson.sample(&mut self.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, not negative, and held below four thousand million"
        )]
        let count = drawn.min(4e9) as u32;
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_few_and_to_many_has_the_mean_and_spread_of_the_definition() {
        let mut chance = Chance::new(1, 1);
        for (count, probability) in
            [(1, 0.3), (12, 0.03), (40, 0.5), (40, 0.97), (900, 0.04), (100_000, 0.7)]
        {
            let drawn: Vec<f64> =
                (0..4000).map(|_| f64::from(chance.binomial(count, probability))).collect();
            let mean = drawn.iter().sum::<f64>() / 4000.0;
            let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 4000.0;
            let of = f64::from(count) * probability;
            let spread = of * (1.0 - probability);
            assert!((mean - of).abs() < 4.0 * (spread / 4000.0).sqrt(), "{count} {mean} {of}");
            assert!((variance / spread - 1.0).abs() < 0.12, "{count} {variance} {spread}");
        }
    }
    #[test]
    fn what_is_certain_or_impossible_is_not_drawn() {
        let mut chance = Chance::new(1, 1);
        assert_eq!([0.0, -1.0, f64::NAN].map(|p| chance.binomial(7, p)), [0, 0, 0]);
        assert_eq!([1.0, 2.0].map(|p| chance.binomial(7, p)), [7, 7]);
        assert_eq!(chance.binomial(0, 0.5), 0);
    }
}
