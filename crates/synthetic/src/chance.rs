//! Chance: the only source of randomness here, drawn from a seed. It uses sums and products only, so that every
//! machine gives the same numbers.

use jiff::civil::{Date, Weekday};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of chance. Each organisation has its own, so that what happens to one does not shift the others.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a number under a seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A stream beside this one, for particulars that came to be told later: what is drawn from it shifts nothing here.
    pub(crate) fn aside(&self, number: u64) -> Self {
        let mut rng = self.0.clone();
        rng.set_stream(rng.get_stream() + (number << 32));
        Self(rng)
    }

    /// True with a probability.
    pub(crate) fn yes(&mut self, probability: f64) -> bool {
        self.share(0.0, 1.0) < probability
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn whole(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A real number from `low` up to `high`.
    pub(crate) fn share(&mut self, low: f64, high: f64) -> f64 {
        low + self.0.random::<f64>() * (high - low)
    }

    /// A number around zero with a spread of about one: the sum of twelve uniform numbers less six.
    pub(crate) fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.0.random::<f64>()).sum::<f64>() - 6.0
    }

    /// One of some things; none only of nothing.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.index(things.len()))
    }

    /// An index of a list by its weights.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.share(0.0, total);
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Ten random bytes, what an identity needs besides its time.
    pub(crate) fn bytes(&mut self) -> [u8; 10] {
        self.0.random()
    }

    /// Thirty-two random bytes, for a key that protects nobody.
    pub(crate) fn secret(&mut self) -> [u8; 32] {
        self.0.random()
    }

    /// Twenty-four random bytes.
    pub(crate) fn nonce(&mut self) -> [u8; 24] {
        self.0.random()
    }

    /// A working day from `first` to `last`; the nearest one before a weekend, unless that lies before `first`.
    pub(crate) fn day(&mut self, first: Date, last: Date) -> Date {
        let span = i64::from(hoptac_model::date::days_between(first, last)).max(0);
        let day = after(first, self.whole(0, span));
        let back = match day.weekday() {
            Weekday::Saturday => 1,
            Weekday::Sunday => 2,
            Weekday::Monday
            | Weekday::Tuesday
            | Weekday::Wednesday
            | Weekday::Thursday
            | Weekday::Friday => 0,
        };
        let moved = after(day, -back);
        if moved < first { day } else { moved }
    }

    fn index(&mut self, len: usize) -> usize {
        self.0.random_range(0..len.max(1))
    }
}

/// The day some days later, or earlier where the number is negative.
pub(crate) fn after(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

/// The day some months later.
pub(crate) fn months_after(day: Date, months: i64) -> Date {
    day.saturating_add(jiff::Span::new().months(months))
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "amounts here stay far below 2^53")]
pub(crate) fn nearest(value: f64) -> i64 {
    value.round() as i64
}

/// A whole number as a real one.
#[expect(clippy::cast_precision_loss, reason = "amounts here stay far below 2^53")]
pub(crate) fn real(value: i64) -> f64 {
    value as f64
}
