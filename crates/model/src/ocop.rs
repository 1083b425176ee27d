//! OCOP: stars from points, and how long a certificate holds.
//!
//! The bands are those of the national set of criteria of the programme "one commune one product"; that they are the same under
//! Decision 148/QĐ-TTg of 24 February 2023 as under Decision 1048/QĐ-TTg of 2019 is assumed, not verified.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

/// The kind of certificate that has stars.
pub const KIND: &str = "ocop";

/// For how many months a certificate holds from its decision.
pub const VALID_MONTHS: i64 = 36;

/// The least points of five, four, three and two stars, in tenths.
const BANDS: [(i32, u8); 4] = [(900, 5), (700, 4), (500, 3), (300, 2)];

/// The most points, in tenths.
pub const SCORE_MAX: i32 = 1000;

/// The stars of a score in tenths of a point; none for a score that does not exist.
///
/// ```
/// use hoptac_model::ocop::stars;
/// assert_eq!([stars(899), stars(900), stars(1001)], [Some(4), Some(5), None]);
/// ```
pub fn stars(score_tenths: i32) -> Option<u8> {
    if !(0..=SCORE_MAX).contains(&score_tenths) {
        return None;
    }
    Some(BANDS.iter().find(|(from, _)| score_tenths >= *from).map_or(1, |(_, stars)| *stars))
}

/// The last day of a certificate that was decided on a day.
///
/// ```
/// use hoptac_model::ocop::last_day;
/// use jiff::civil::date;
/// assert_eq!(last_day(date(2023, 5, 15)), date(2026, 5, 14));
/// ```
pub fn last_day(decided_on: Date) -> Date {
    decided_on.saturating_add(Span::new().months(VALID_MONTHS)).saturating_sub(1.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_has_its_stars() {
        let all = [(0, 1), (299, 1), (300, 2), (499, 2), (500, 3), (699, 3), (700, 4), (900, 5)];
        for (score, want) in all {
            assert_eq!(stars(score), Some(want), "{score}");
        }
        assert_eq!(stars(-1), None);
    }
}
