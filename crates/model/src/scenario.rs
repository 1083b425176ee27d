//! Scenarios: what if formation, closure, conversion, shares, a population or the way to read a target were others. A
//! scenario is nobody's decision; it is told by a few settings, each of which can stand in an address or on a command line.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{IndicatorId, TargetId};
use crate::organisation::Kind;
use crate::text::Words;
use crate::words;

/// How much something changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// By so many percent of what is expected: `+20%`.
    Percent(f64),
    /// By so many a year: `+5`.
    PerYear(f64),
}

/// One thing that a scenario takes for granted.
///
/// ```
/// use hoptac_model::scenario::Setting;
/// for text in ["formation.THT=+20%", "formation.THT@05977=+5", "closure.HTX=-50%", "conversion=+100%",
///     "share.T30-10=+2", "population.population=820000", "reading.T30-10=gradable", "baseline.T30-01=2024-12-31"]
/// {
///     assert_eq!(text.parse::<Setting>().unwrap().to_string(), text);
/// }
/// assert!("formation.XYZ=+1".parse::<Setting>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// More or fewer are founded, in the whole territory or in one unit.
    Formation {
        /// Of which kind.
        kind: Kind,
        /// The unit's code or identity; none for the whole territory.
        unit: Option<String>,
        /// By how much.
        change: Change,
    },
    /// More or fewer close.
    Closure {
        /// Of which kind.
        kind: Kind,
        /// By how many percent.
        percent: f64,
    },
    /// More or fewer groups become cooperatives.
    Conversion {
        /// By how many percent.
        percent: f64,
    },
    /// A share moves by so many points a year more than expected; an average by so many percent.
    Share {
        /// The target that it is the share of.
        target: TargetId,
        /// Points, or percent, a year.
        per_year: f64,
    },
    /// A published number is another.
    Population {
        /// The series.
        series: IndicatorId,
        /// The number.
        value: f64,
    },
    /// A target is read another way.
    Reading {
        /// The target.
        target: TargetId,
        /// The reading's name.
        reading: String,
    },
    /// The line to a target starts at what the register says of another year's end.
    Baseline {
        /// The target.
        target: TargetId,
        /// The day.
        day: Date,
    },
}

impl Setting {
    /// What stands before the `=`: `formation.THT@05977`.
    pub fn key(&self) -> String {
        match self {
            Self::Formation { kind, unit: None, .. } => format!("formation.{}", kind.code()),
            Self::Formation { kind, unit: Some(unit), .. } => {
                format!("formation.{}@{unit}", kind.code())
            }
            Self::Closure { kind, .. } => format!("closure.{}", kind.code()),
            Self::Conversion { .. } => "conversion".to_owned(),
            Self::Share { target, .. } => format!("share.{target}"),
            Self::Population { series, .. } => format!("population.{series}"),
            Self::Reading { target, .. } => format!("reading.{target}"),
            Self::Baseline { target, .. } => format!("baseline.{target}"),
        }
    }

    /// Whether a name is one that settings have.
    pub fn is_key(name: &str) -> bool {
        let of = ["formation", "closure", "share", "population", "reading", "baseline"];
        name == "conversion"
            || name
                .split_once('.')
                .is_some_and(|(head, rest)| of.contains(&head) && !rest.is_empty())
    }

    /// Reads a setting from its two halves.
    pub fn read(key: &str, value: &str) -> Result<Self, Words> {
        let value = value.trim();
        let (head, rest) = key.split_once('.').unwrap_or((key, ""));
        let kind = |code: &str| {
            Kind::ALL.into_iter().find(|kind| kind.code() == code).ok_or_else(|| {
                words!(
                    "`{code}` không phải là loại tổ chức; ghi THT, HTX hoặc LHHTX",
                    "`{code}` is no kind of organisation; write THT, HTX or LHHTX",
                    code
                )
            })
        };
        match head {
            "formation" => {
                let (code, unit) = match rest.split_once('@') {
                    Some((code, unit)) => (code, Some(unit.to_owned())),
                    None => (rest, None),
                };
                Ok(Self::Formation { kind: kind(code)?, unit, change: change(value)? })
            }
            "closure" => Ok(Self::Closure { kind: kind(rest)?, percent: percent(value)? }),
            "conversion" => Ok(Self::Conversion { percent: percent(value)? }),
            "share" => Ok(Self::Share { target: rest.into(), per_year: number(value)? }),
            "population" => match number(value)? {
                value if value > 0.0 => Ok(Self::Population { series: rest.into(), value }),
                _ => Err(words!("dân số phải lớn hơn 0", "a population must be more than 0")),
            },
            "reading" => Ok(Self::Reading { target: rest.into(), reading: value.to_owned() }),
            "baseline" => {
                let day = crate::date::parse(value).map_err(|error| error.words())?;
                Ok(Self::Baseline { target: rest.into(), day })
            }
            _ => Err(words!(
                "`{key}` không phải là giả định; có formation, closure, conversion, share, population, reading, baseline",
                "`{key}` is no assumption; there are formation, closure, conversion, share, population, reading, baseline",
                key
            )),
        }
    }
}

fn number(text: &str) -> Result<f64, Words> {
    let read: Option<f64> = text.replace(',', ".").parse().ok();
    read.filter(|value| value.is_finite() && value.abs() <= 1e12)
        .ok_or_else(|| words!("`{text}` không phải là số", "`{text}` is no number", text))
}

/// Percent, not below minus one hundred: nothing happens less often than never.
fn percent(text: &str) -> Result<f64, Words> {
    let value = number(text.trim_end_matches('%').trim_end())?;
    if (-100.0..=10_000.0).contains(&value) {
        return Ok(value);
    }
    Err(words!(
        "`{text}` ngoài khoảng từ -100 % đến 10.000 %",
        "`{text}` is not between -100 % and 10,000 %",
        text
    ))
}

fn change(text: &str) -> Result<Change, Words> {
    if text.ends_with('%') {
        return percent(text).map(Change::Percent);
    }
    let value = number(text)?;
    if value.abs() <= 100_000.0 {
        return Ok(Change::PerYear(value));
    }
    Err(words!(
        "`{text}` tổ chức mỗi năm là quá nhiều để mô phỏng",
        "`{text}` organisations a year are too many to simulate",
        text
    ))
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.key())?;
        match self {
            Self::Formation { change: Change::Percent(percent), .. }
            | Self::Closure { percent, .. }
            | Self::Conversion { percent } => write!(f, "{percent:+}%"),
            Self::Formation { change: Change::PerYear(value), .. }
            | Self::Share { per_year: value, .. } => write!(f, "{value:+}"),
            Self::Population { value, .. } => write!(f, "{value}"),
            Self::Reading { reading, .. } => f.write_str(reading),
            Self::Baseline { day, .. } => write!(f, "{day}"),
        }
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        Self::read(key.trim(), value).map_err(|words| format!("{}; {}", words.vi, words.en))
    }
}

impl Serialize for Setting {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, part: &str) {
        let said = text.parse::<Setting>().unwrap_err();
        assert!(said.contains(part), "{said}");
    }

    #[test]
    fn commas_are_decimals_too() {
        let read: Setting = "share.T30-10=+1,5".parse().unwrap();
        assert_eq!(read, Setting::Share { target: "T30-10".into(), per_year: 1.5 });
    }
    #[test]
    fn nothing_happens_less_often_than_never() {
        refused("closure.THT=-150%", "-100");
        refused("formation.THT=-101%", "-100");
    }
    #[test]
    fn a_population_of_zero_is_refused() {
        refused("population.population=0", "lớn hơn 0");
        refused("population.population=-5", "lớn hơn 0");
    }
    #[test]
    fn what_is_no_number_or_no_assumption_says_so() {
        refused("share.T30-10=NaN", "không phải là số");
        refused("formation.THT=inf", "không phải là số");
        refused("formation.THT", "không phải là số");
        refused("weather=+1", "không phải là giả định");
        refused("baseline.T30-01=2024-13-01", "2024-13-01");
    }
    #[test]
    fn keys_are_told_from_other_questions_of_an_address() {
        assert!(Setting::is_key("formation.THT@05977") && Setting::is_key("conversion"));
        assert!(
            !Setting::is_key("unit") && !Setting::is_key("reading") && !Setting::is_key("share.")
        );
    }
}
