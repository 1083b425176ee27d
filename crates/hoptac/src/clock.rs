//! The edge where time and chance come in: now, today in Viet Nam, fresh ids.

use hoptac_model::ids::FilingId;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_office::key::Token;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use rand::RngCore as _;

/// The time now, cut to microseconds: more would not survive every database.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub(crate) fn now() -> Timestamp {
    let now = told().unwrap_or_else(Timestamp::now);
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// A moment to measure from.
pub(crate) fn instant() -> std::time::Instant {
    std::time::Instant::now()
}

/// The time that a test tells a history by. A program that people use never asks for it.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "how a test tells the time")]
fn told() -> Option<Timestamp> {
    std::env::var("HOPTAC_TEST_NOW").ok()?.parse().ok()
}

#[cfg(not(debug_assertions))]
fn told() -> Option<Timestamp> {
    None
}

/// The day in Viet Nam, which is UTC+7 all year.
pub(crate) fn today() -> Date {
    Offset::constant(7).to_datetime(now()).date()
}

/// The day in Viet Nam on which something was recorded.
pub(crate) fn day_of(at: Timestamp) -> Date {
    Offset::constant(7).to_datetime(at).date()
}

/// When something was recorded, to the second, as a clock in Viet Nam says it.
pub(crate) fn moment_of(at: Timestamp) -> Words {
    let local = Offset::constant(7).to_datetime(at);
    let time = local.strftime("%H:%M:%S").to_string();
    words!("{time} ngày {day}", "{time} on {day}", time, day = local.date())
}

/// Fills bytes by chance.
pub(crate) fn fill(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

/// Bytes of chance.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// A token that nobody can guess.
pub(crate) fn token() -> Token {
    Token::new(bytes())
}

/// A fresh filing id, made at `at`.
pub(crate) fn filing_id(at: Timestamp) -> FilingId {
    let mut random = [0; 10];
    rand::rng().fill_bytes(&mut random);
    let millis = at.duration_since(Timestamp::UNIX_EPOCH).max(SignedDuration::ZERO).as_millis();
    let millis = u64::try_from(millis).unwrap_or(0);
    FilingId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
