//! Periods of returns and published figures: a year, a half-year, a quarter.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::Words;

/// A span of the calendar that a figure or a return speaks of. Written `2025`, `2025-H1`, `2025-Q3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// The first or second half of a year.
    Half(i16, u8),
    /// One of the four quarters of a year.
    Quarter(i16, u8),
}

/// The text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period; write a year `2026`, a half-year `2026-H1` or a quarter `2026-Q3`")]
pub struct PeriodError(pub String);

impl PeriodError {
    /// The same in both languages.
    pub fn words(&self) -> Words {
        let vi = format!(
            "`{}` không phải là kỳ; hãy ghi năm `2026`, nửa năm `2026-H1` hoặc quý `2026-Q3`",
            self.0
        );
        Words::new(vi, self.to_string())
    }
}

impl Period {
    /// The year that the period lies in.
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Half(year, _) | Self::Quarter(year, _) => year,
        }
    }

    /// The first day of the period.
    pub fn start(self) -> Date {
        match self {
            Self::Half(year, 2) | Self::Quarter(year, 3) => Date::constant(year, 7, 1),
            Self::Quarter(year, 2) => Date::constant(year, 4, 1),
            Self::Quarter(year, 4) => Date::constant(year, 10, 1),
            Self::Year(year) | Self::Half(year, _) | Self::Quarter(year, _) => {
                crate::date::year_start(year)
            }
        }
    }

    /// The last day of the period.
    pub fn end(self) -> Date {
        match self {
            Self::Half(year, 1) | Self::Quarter(year, 2) => Date::constant(year, 6, 30),
            Self::Quarter(year, 1) => Date::constant(year, 3, 31),
            Self::Quarter(year, 3) => Date::constant(year, 9, 30),
            Self::Year(year) | Self::Half(year, _) | Self::Quarter(year, _) => {
                crate::date::year_end(year)
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Half(year, half) => write!(f, "{year}-H{half}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || PeriodError(text.to_owned());
        let (year, part) = text.split_once('-').map_or((text, None), |(y, p)| (y, Some(p)));
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let year: i16 = year.parse().map_err(|_| error())?;
        match part {
            None => Ok(Self::Year(year)),
            Some("H1") => Ok(Self::Half(year, 1)),
            Some("H2") => Ok(Self::Half(year, 2)),
            Some("Q1") => Ok(Self::Quarter(year, 1)),
            Some("Q2") => Ok(Self::Quarter(year, 2)),
            Some("Q3") => Ok(Self::Quarter(year, 3)),
            Some("Q4") => Ok(Self::Quarter(year, 4)),
            Some(_) => Err(error()),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_back_as_written() {
        for text in ["2025", "2025-H1", "2025-H2", "2025-Q3"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }
    #[test]
    fn a_fifth_quarter_is_refused() {
        let error = "2026-Q5".parse::<Period>().unwrap_err().words();
        assert!(error.en.starts_with("`2026-Q5` is not a period; write"));
        assert!(error.vi.starts_with("`2026-Q5` không phải là kỳ; hãy ghi"));
    }
    #[test]
    fn the_first_half_ends_in_june() {
        assert_eq!(Period::Half(2024, 1).end(), Date::constant(2024, 6, 30));
    }
}
