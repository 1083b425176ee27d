//! Targets: constraints on an indicator, for a horizon or for every year, over a stated population.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{IndicatorId, TargetId};
use crate::number;
use crate::organisation::Sector;
use crate::pack::DocumentPlace;
use crate::text::{Language, Words};
use crate::unit::Level;

/// What a plan asks of a number. Not the number alone: `about 850`, `at least 5`, `from 55 to 70`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "comparator", rename_all = "snake_case")]
pub enum Constraint {
    /// Khoảng: within a tolerance, a share of the value.
    About {
        /// The number of the plan.
        value: f64,
        /// How far off still counts, as a share of the value.
        tolerance: f64,
    },
    /// Ít nhất, tối thiểu.
    AtLeast {
        /// The floor.
        value: f64,
        /// The upper end of what is expected, where the plan writes a floor and a range at once ("ít nhất từ 05 đến 07").
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_up_to: Option<f64>,
    },
    /// Trên.
    MoreThan {
        /// The number to be passed.
        value: f64,
    },
    /// Không quá, tối đa.
    AtMost {
        /// The ceiling.
        value: f64,
    },
    /// Dưới.
    LessThan {
        /// The number to stay below.
        value: f64,
    },
    /// Từ … đến ….
    Between {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// A number without a comparator.
    Exactly {
        /// The number.
        value: f64,
    },
    /// 100 %, tất cả.
    All {
        /// The whole, in the unit of the indicator: 100 for a share.
        value: f64,
    },
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    #[default]
    Up,
    /// Less is better.
    Down,
    /// Neither: being near the number is.
    None,
}

impl Constraint {
    /// Whether the value meets the constraint. Where more is better, more than "about 850" or "5" meets it too; where
    /// less is better, less does.
    pub fn holds(self, value: f64, direction: Direction) -> bool {
        // Shares come out of divisions; a hair's breadth is not a failure.
        const HAIR: f64 = 1e-9;
        match self {
            Self::About { value: goal, tolerance } => {
                let margin = goal.abs() * tolerance + HAIR;
                match direction {
                    Direction::Up => value >= goal - margin,
                    Direction::Down => value <= goal + margin,
                    Direction::None => (value - goal).abs() <= margin,
                }
            }
            Self::Exactly { value: goal } | Self::All { value: goal } => match direction {
                Direction::Up => value >= goal - HAIR,
                Direction::Down => value <= goal + HAIR,
                Direction::None => (value - goal).abs() <= HAIR,
            },
            Self::AtLeast { value: floor, .. } => value >= floor - HAIR,
            Self::MoreThan { value: floor } => value > floor + HAIR,
            Self::AtMost { value: ceiling } => value <= ceiling + HAIR,
            Self::LessThan { value: ceiling } => value < ceiling - HAIR,
            Self::Between { low, high } => match direction {
                Direction::Up => value >= low - HAIR,
                Direction::Down => value <= high + HAIR,
                Direction::None => value >= low - HAIR && value <= high + HAIR,
            },
        }
    }

    /// The ends between which [`Constraint::holds`], as they are where one or both are open.
    pub fn bounds(self, direction: Direction) -> (Option<f64>, Option<f64>) {
        let (low, high) = match self {
            Self::About { value, tolerance } => {
                let margin = value.abs() * tolerance;
                (value - margin, value + margin)
            }
            Self::Exactly { value } | Self::All { value } => (value, value),
            Self::AtLeast { value, .. } | Self::MoreThan { value } => return (Some(value), None),
            Self::AtMost { value } | Self::LessThan { value } => return (None, Some(value)),
            Self::Between { low, high } => (low, high),
        };
        match direction {
            Direction::Up => (Some(low), None),
            Direction::Down => (None, Some(high)),
            Direction::None => (Some(low), Some(high)),
        }
    }

    /// The number one heads for: the value, or the nearer end of a range.
    pub fn goal(self, direction: Direction) -> f64 {
        match self {
            Self::About { value, .. }
            | Self::AtLeast { value, .. }
            | Self::MoreThan { value }
            | Self::AtMost { value }
            | Self::LessThan { value }
            | Self::Exactly { value }
            | Self::All { value } => value,
            Self::Between { low, high } => match direction {
                Direction::Up | Direction::None => low,
                Direction::Down => high,
            },
        }
    }

    /// The zone in which the constraint holds, as ends that may be open.
    pub fn zone(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::About { value, tolerance } => {
                (Some(value - value.abs() * tolerance), Some(value + value.abs() * tolerance))
            }
            Self::AtLeast { value, .. } | Self::MoreThan { value } => (Some(value), None),
            Self::AtMost { value } | Self::LessThan { value } => (None, Some(value)),
            Self::Between { low, high } => (Some(low), Some(high)),
            Self::Exactly { value } | Self::All { value } => (Some(value), Some(value)),
        }
    }

    /// The constraint as packs and the JSON interface name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::About { .. } => "about",
            Self::AtLeast { .. } => "at_least",
            Self::MoreThan { .. } => "more_than",
            Self::AtMost { .. } => "at_most",
            Self::LessThan { .. } => "less_than",
            Self::Between { .. } => "between",
            Self::Exactly { .. } => "exactly",
            Self::All { .. } => "all",
        }
    }

    /// The constraint in words: `khoảng 850`, `từ 55 đến 70`, `trên 50 %`. `unit` is written behind the number.
    pub fn words(self, unit: &str, language: Language) -> String {
        let vi = language == Language::Vi;
        let show = |value: f64| {
            let shown = number::plain(value, language);
            if unit.is_empty() { shown } else { format!("{shown} {unit}") }
        };
        match self {
            Self::About { value, .. } => {
                format!("{} {}", if vi { "khoảng" } else { "about" }, show(value))
            }
            Self::AtLeast { value, .. } => {
                format!("{} {}", if vi { "ít nhất" } else { "at least" }, show(value))
            }
            Self::MoreThan { value } => {
                format!("{} {}", if vi { "trên" } else { "over" }, show(value))
            }
            Self::AtMost { value } => {
                format!("{} {}", if vi { "không quá" } else { "at most" }, show(value))
            }
            Self::LessThan { value } => {
                format!("{} {}", if vi { "dưới" } else { "under" }, show(value))
            }
            Self::Between { low, high } => {
                let low = number::plain(low, language);
                if vi {
                    format!("từ {low} đến {}", show(high))
                } else {
                    format!("from {low} to {}", show(high))
                }
            }
            Self::Exactly { value } | Self::All { value } => show(value),
        }
    }
}

/// By when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Horizon {
    /// At the end of a year.
    Year {
        /// The year.
        year: i16,
    },
    /// In every year of a span.
    Yearly {
        /// The first year.
        from: i16,
        /// The last year.
        to: i16,
    },
}

impl Horizon {
    /// The last day of the horizon.
    pub fn end(self) -> Date {
        match self {
            Self::Year { year } | Self::Yearly { to: year, .. } => crate::date::year_end(year),
        }
    }

    /// The horizon as it is shown: `2030`, `hằng năm đến 2030`.
    pub fn words(self, language: Language) -> String {
        match (self, language) {
            (Self::Year { year }, _) => year.to_string(),
            (Self::Yearly { to, .. }, Language::Vi) => format!("hằng năm đến {to}"),
            (Self::Yearly { to, .. }, Language::En) => format!("each year to {to}"),
        }
    }
}

/// For whom a target is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// For the unit of the plan as a whole.
    Plan,
    /// For each unit of a level.
    Each(Level),
}

/// Where the line to the goal starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// At a published figure.
    Figure {
        /// The series.
        series: IndicatorId,
        /// The day of the figure.
        as_of: Date,
    },
    /// At what the register says of a day.
    Register {
        /// The day.
        as_of: Date,
    },
}

/// One way to read a target's population: an indicator of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The reading's name in the target.
    pub id: String,
    /// The indicator that measures so.
    pub indicator: IndicatorId,
    /// What people call it.
    pub label: Words,
}

/// A target of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// As `T30-01`.
    pub id: TargetId,
    /// The objective it belongs to.
    pub objective: String,
    /// The heading that the overview shows it under.
    pub heading: String,
    /// The indicator that measures it, in the reading taken unless another is chosen.
    pub indicator: IndicatorId,
    /// The few words of the document that carry the number.
    pub words: String,
    /// Where those words stand.
    pub place: DocumentPlace,
    /// A short label for rows.
    pub label: Words,
    /// The target in our own words.
    pub paraphrase: Words,
    /// What is asked.
    pub constraint: Constraint,
    /// By when.
    pub horizon: Horizon,
    /// For whom.
    pub scope: Scope,
    /// The sector, where the target is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Who is counted; for a share, out of whom.
    pub population: Words,
    /// The target whose population this one's is part of ("trong đó").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_which: Option<TargetId>,
    /// All readings of the population, the one taken first; empty where there is only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// Where the line to the goal starts; yearly targets have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// What should be known about it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub note: Words,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(constraint: Constraint, value: f64, direction: Direction, want: bool) {
        assert_eq!(constraint.holds(value, direction), want);
    }

    const ABOUT: Constraint = Constraint::About { value: 100.0, tolerance: 0.05 };

    #[test]
    fn about_reaches_down_by_its_tolerance() {
        check(ABOUT, 95.0, Direction::Up, true);
        check(ABOUT, 94.9, Direction::Up, false);
    }
    #[test]
    fn more_than_about_is_met_where_more_is_better() {
        check(ABOUT, 130.0, Direction::Up, true);
        check(ABOUT, 130.0, Direction::None, false);
    }
    #[test]
    fn over_fifty_is_not_fifty() {
        check(Constraint::MoreThan { value: 50.0 }, 50.0, Direction::Up, false);
        check(Constraint::MoreThan { value: 50.0 }, 50.1, Direction::Up, true);
    }
    #[test]
    fn a_range_is_met_from_its_lower_end() {
        let range = Constraint::Between { low: 55.0, high: 70.0 };
        check(range, 54.0, Direction::Up, false);
        check(range, 55.0, Direction::Up, true);
        check(range, 71.0, Direction::Up, true);
        check(range, 71.0, Direction::None, false);
    }
    #[test]
    fn all_of_a_share_of_thirds_is_all() {
        check(Constraint::All { value: 100.0 }, 100.0 * (1.0 / 3.0) * 3.0, Direction::Up, true);
    }
    #[test]
    fn words_are_those_of_plans() {
        let range = Constraint::Between { low: 55.0, high: 70.0 };
        assert_eq!(range.words("", Language::Vi), "từ 55 đến 70");
        assert_eq!(Constraint::MoreThan { value: 50.0 }.words("%", Language::Vi), "trên 50 %");
        assert_eq!(ABOUT.words("", Language::En), "about 100");
    }
}
