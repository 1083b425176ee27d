//! Civil dates: days of the calendar without a time zone, written `2023-05-15` in files and `15/5/2023` on screen.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::text::{Language, Words};

/// Why a text is not a date. The sentence says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not three numbers with dashes.
    #[error("`{0}` is not a date; write year-month-day, for example 2025-12-31")]
    Form(String),
    /// A month that does not exist.
    #[error(
        "`{text}` is not a date: there is no month {month}; write year-month-day, for example 2025-12-31"
    )]
    Month {
        /// What was written.
        text: String,
        /// The month that was read.
        month: i8,
    },
    /// A day that the month does not have.
    #[error(
        "`{text}` is not a date: month {month} of {year} has {last} days; \
         write a day from {year}-{month:02}-01 to {year}-{month:02}-{last}"
    )]
    Day {
        /// What was written.
        text: String,
        /// The year that was read.
        year: i16,
        /// The month that was read.
        month: i8,
        /// The last day of that month.
        last: i8,
    },
}

impl DateError {
    /// The same in both languages.
    pub fn words(&self) -> Words {
        let vi = match self {
            Self::Form(text) => {
                format!("`{text}` không phải là ngày; hãy ghi năm-tháng-ngày, ví dụ 2025-12-31")
            }
            Self::Month { text, month } => format!(
                "`{text}` không phải là ngày: không có tháng {month}; \
                 hãy ghi năm-tháng-ngày, ví dụ 2025-12-31"
            ),
            Self::Day { text, year, month, last } => format!(
                "`{text}` không phải là ngày: tháng {month} năm {year} có {last} ngày; \
                 hãy ghi từ {year}-{month:02}-01 đến {year}-{month:02}-{last}"
            ),
        };
        Words::new(vi, self.to_string())
    }
}

/// Reads a date written `YYYY-MM-DD`.
///
/// ```
/// use hoptac_model::date;
/// assert!(date::parse("2025-12-31").is_ok());
/// let error = date::parse("2026-02-30").unwrap_err().to_string();
/// assert!(error.contains("month 2 of 2026 has 28 days"));
/// ```
pub fn parse(text: &str) -> Result<Date, DateError> {
    let form = || DateError::Form(text.to_owned());
    let mut parts = text.trim().split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form());
    };
    if year.len() != 4 || !text.trim().bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return Err(form());
    }
    let year: i16 = year.parse().map_err(|_| form())?;
    let month: i8 = month.parse().map_err(|_| form())?;
    let day: i8 = day.parse().map_err(|_| form())?;
    let Ok(first) = Date::new(year, month, 1) else {
        return Err(DateError::Month { text: text.to_owned(), month });
    };
    Date::new(year, month, day).map_err(|_| DateError::Day {
        text: text.to_owned(),
        year,
        month,
        last: first.days_in_month(),
    })
}

/// The moment at which a day in Viet Nam ends, which is UTC+7 all year; none for the last day of all time.
///
/// ```
/// use jiff::civil::date;
/// let end = hoptac_model::date::day_ends(date(2025, 6, 30)).unwrap();
/// assert_eq!(end.to_string(), "2025-06-30T17:00:00Z");
/// ```
pub fn day_ends(day: Date) -> Option<Timestamp> {
    let midnight = day.tomorrow().ok()?.to_datetime(Time::midnight());
    Offset::constant(7).to_timestamp(midnight).ok()
}

/// The date as people of the language write it: `15/5/2023`, or `15 May 2023`.
pub fn show(date: Date, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match language {
        Language::Vi => format!("{}/{}/{}", date.day(), date.month(), date.year()),
        Language::En => {
            let month = usize::try_from(date.month() - 1).ok().and_then(|i| MONTHS.get(i));
            format!("{} {} {}", date.day(), month.unwrap_or(&""), date.year())
        }
    }
}

/// A day as a small number, in the order of days: every month is told as if it had 31, so that no calendar is asked. The first
/// day of 2000 is 0, and the 176 years around it fit into two bytes.
///
/// ```
/// use hoptac_model::date::{number, of_number};
/// use jiff::civil::date;
/// assert_eq!([date(1999, 12, 31), date(2000, 1, 1), date(2000, 2, 1)].map(number), [-1, 0, 31]);
/// assert_eq!(of_number(number(date(2024, 2, 29))), date(2024, 2, 29));
/// ```
pub fn number(day: Date) -> i32 {
    let (year, month) = (i32::from(day.year()), i32::from(day.month()));
    (year - 2000) * 372 + (month - 1) * 31 + i32::from(day.day()) - 1
}

/// The day of a number. One that no day has stands for the last day before it.
pub fn of_number(number: i32) -> Date {
    let (year, rest) = (number.div_euclid(372) + 2000, number.rem_euclid(372));
    let narrow = |part: i32| i8::try_from(part + 1).unwrap_or(1);
    let first =
        i16::try_from(year).ok().and_then(|year| Date::new(year, narrow(rest / 31), 1).ok());
    let Some(first) = first else { return if number < 0 { Date::MIN } else { Date::MAX } };
    let day = narrow(rest % 31).min(first.days_in_month());
    Date::new(first.year(), first.month(), day).unwrap_or(first)
}

/// The last day of a year. Years are those of plans and returns, well inside the calendar's range.
pub fn year_end(year: i16) -> Date {
    Date::constant(year, 12, 31)
}

/// The first day of a year.
pub fn year_start(year: i16) -> Date {
    Date::constant(year, 1, 1)
}

/// Days from `from` to `to`, negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    to.since((jiff::Unit::Day, from)).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let got = parse(text).map_or_else(|e| e.to_string(), |d| show(d, Language::Vi));
        assert_eq!(got, want);
    }

    #[test]
    fn a_date() {
        check("2023-05-15", "15/5/2023");
    }
    #[test]
    fn a_day_that_does_not_exist() {
        check(
            "2026-02-30",
            "`2026-02-30` is not a date: month 2 of 2026 has 28 days; write a day from 2026-02-01 to 2026-02-28",
        );
    }
    #[test]
    fn a_month_that_does_not_exist() {
        check(
            "2026-13-01",
            "`2026-13-01` is not a date: there is no month 13; write year-month-day, for example 2025-12-31",
        );
    }
    #[test]
    fn the_other_order() {
        check(
            "31/12/2025",
            "`31/12/2025` is not a date; write year-month-day, for example 2025-12-31",
        );
    }
    #[test]
    fn a_leap_year_counts() {
        assert_eq!(days_between(year_start(2024), year_start(2025)), 366);
        assert_eq!(days_between(year_start(2025), year_start(2024)), -366);
    }
}
