//! How many requests a program may make: a bucket for each token, and one for each address without a token, filled again
//! evenly. What is left stands in every answer.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How many requests a minute a token may make, unless the operator says otherwise.
pub(crate) const PER_MINUTE: u32 = 600;
/// A second and a minute in nanoseconds.
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
/// From how many buckets on full ones are forgotten.
const BUCKETS_MAX: usize = 4096;

/// The buckets of an instance.
#[derive(Debug)]
pub(crate) struct Limiter {
    per_minute: u32,
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// How much is in it, in nanoseconds of its filling.
    filled: i64,
    at: Timestamp,
}

/// What was found about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many requests the bucket holds.
    pub(crate) quota: u32,
    /// How many are left.
    pub(crate) left: u32,
    /// In how many seconds the bucket is full again, or has one again where it is empty.
    pub(crate) seconds: u32,
    /// Whether this one may go on.
    pub(crate) granted: bool,
}

impl Limiter {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), buckets: Mutex::new(BTreeMap::new()) }
    }

    /// Takes one out of the bucket of a caller. Who brings no token has a fifth.
    pub(crate) fn take(&self, caller: &str, has_token: bool, at: Timestamp) -> Allowance {
        let quota = if has_token { self.per_minute } else { (self.per_minute / 5).max(1) };
        let one = MINUTE / i64::from(quota).max(1);
        let whole = one * i64::from(quota);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, bucket| at.duration_since(bucket.at).as_secs() < 60);
        }
        let bucket = buckets.entry(caller.to_owned()).or_insert(Bucket { filled: whole, at });
        let passed = at.duration_since(bucket.at).as_nanos().clamp(0, i128::from(MINUTE));
        let passed = i64::try_from(passed).unwrap_or(0);
        bucket.filled = bucket.filled.saturating_add(passed).min(whole);
        bucket.at = at;
        let granted = bucket.filled >= one;
        if granted {
            bucket.filled -= one;
        }
        let missing = if granted { whole - bucket.filled } else { one - bucket.filled };
        let seconds = u32::try_from((missing + SECOND - 1) / SECOND).unwrap_or(60);
        let left = u32::try_from(bucket.filled / one).unwrap_or(0);
        Allowance { quota, left, seconds, granted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);

    #[test]
    fn an_operator_may_grant_more_than_one_a_millisecond() {
        let limiter = Limiter::new(u32::MAX);
        let first = limiter.take("a", true, NOW);
        assert!(first.granted && first.left > 1_000_000);
    }

    #[test]
    fn a_bucket_runs_empty_and_fills_again() {
        let limiter = Limiter::new(3);
        let left: Vec<u32> = (0..3).map(|_| limiter.take("a", true, NOW).left).collect();
        assert_eq!(left, [2, 1, 0]);
        let none = limiter.take("a", true, NOW);
        assert!(!none.granted);
        assert_eq!((none.left, none.seconds), (0, 20), "one in twenty seconds");
        assert!(limiter.take("b", true, NOW).granted, "others have their own");
        let later = NOW + SignedDuration::from_secs(20);
        assert!(limiter.take("a", true, later).granted);
        assert!(!limiter.take("a", true, later).granted);
    }
    #[test]
    fn without_a_token_there_is_less() {
        let limiter = Limiter::new(600);
        assert_eq!(limiter.take("a", false, NOW).quota, 120);
        assert_eq!(limiter.take("t", true, NOW).left, 599);
    }
    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let limiter = Limiter::new(1);
        assert!(limiter.take("a", true, NOW).granted);
        assert!(!limiter.take("a", true, NOW - SignedDuration::from_secs(90)).granted);
    }
}
