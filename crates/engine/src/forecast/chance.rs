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

    /// A count around a mean; none for a mean that is not positive.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        // Most places found less than one organisation a year: multiplying uniforms is the quickest there [Knuth 1969].
        if mean < 8.0 {
            let least = (-mean).exp();
            let mut product = self.uniform();
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
