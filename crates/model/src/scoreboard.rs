//! The scoreboard as values: what pages, reports, the command line and the JSON interface show. `engine` fills it.

use jiff::civil::Date;

use crate::figure::FigureStatus;
use crate::ids::{IndicatorId, TargetId, UnitId};
use crate::standing::{Line, Standing};
use crate::target::{Constraint, Horizon};
use crate::text::Words;

/// The targets of the plan for one unit on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Scoreboard {
    /// The ledger position that it was derived from.
    pub ledger_position: u64,
    /// The day.
    pub as_of: Date,
    /// The day whose geography the unit belongs to.
    pub geography: Date,
    /// The unit.
    pub unit: UnitId,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
    /// One row per measured target, in plan order.
    pub rows: Vec<Row>,
}

/// How a target speaks to the unit of the scoreboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It is set for this unit.
    Directly,
    /// It is set for each unit below; the row counts the units that meet it.
    UnitsBelow,
    /// It is a share or an average set for the unit above; the unit is held against the same number.
    Yardstick,
    /// It is a number set for the unit above, of which a part was given to this unit.
    Assigned,
    /// It is a number set for the unit above, and no part of it was given to this unit.
    NotHere,
}

impl Applies {
    /// The value as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Directly => "directly",
            Self::UnitsBelow => "units_below",
            Self::Yardstick => "yardstick",
            Self::Assigned => "assigned",
            Self::NotHere => "not_here",
        }
    }
}

/// One target for one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The target.
    pub target: TargetId,
    /// The indicator in the reading taken.
    pub indicator: IndicatorId,
    /// How the target speaks to the unit.
    pub applies: Applies,
    /// The value; none where data is missing.
    pub value: Option<f64>,
    /// The numerator, for quotients and counts of units.
    pub numerator: Option<f64>,
    /// The denominator.
    pub denominator: Option<f64>,
    /// What is asked of `value` here.
    pub constraint: Constraint,
    /// By when.
    pub horizon: Horizon,
    /// Where it stands; none where the target is not set for the unit.
    pub standing: Option<Standing>,
    /// The rule in words.
    pub rule: Words,
    /// The line to the goal.
    pub line: Option<Line>,
    /// Where the baseline comes from, in words; empty without a line.
    pub line_source: Words,
    /// The value that the line, or the part of the year, asks for on the day.
    pub expected: Option<f64>,
    /// What is missing to the goal, in the unit of the indicator; none where met or unknown.
    pub missing: Option<f64>,
    /// Published figures of the indicator for the unit, oldest first.
    pub figures: Vec<FigurePoint>,
    /// The computed value of every year, oldest first; the last one is that of the asked day.
    pub series: Vec<SeriesPoint>,
}

/// A published figure beside the computed values.
#[derive(Clone, Debug, PartialEq)]
pub struct FigurePoint {
    /// The day or period as published: `2024-06-30`, `2022-H1`.
    pub period: String,
    /// The day that it speaks of.
    pub as_of: Date,
    /// The value.
    pub value: f64,
    /// How firm it is.
    pub status: FigureStatus,
    /// The document or publisher.
    pub source: String,
}

/// A computed value of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPoint {
    /// The year.
    pub year: i16,
    /// The day of the value: the year's last, or the asked day.
    pub on: Date,
    /// The value; none where data is missing.
    pub value: Option<f64>,
}
