//! The board: every indicator for every place and year, computed for one day and one geography.

use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::scoreboard::Scoreboard;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use jiff::civil::Date;

/// What is asked: the state of one day, on the places of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The day whose state is asked.
    pub as_of: Date,
    /// The day whose places are asked.
    pub geography: Date,
}

/// Everything computed for one day and one geography.
#[derive(Clone, Debug)]
pub struct Board {
    question: Question,
    position: u64,
    synthetic: bool,
    years: Vec<i16>,
    units: Vec<UnitId>,
    unplaced: Vec<u32>,
}

/// The value of one indicator for one unit and year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// The value; none where data is missing.
    pub value: Option<f64>,
    /// The numerator, for quotients.
    pub numerator: Option<f64>,
    /// The denominator, for quotients.
    pub denominator: Option<f64>,
}

/// A cell opened into its records.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The unit.
    pub unit: UnitId,
    /// The year.
    pub year: i16,
    /// The day whose state was taken: the year's last, or the asked day.
    pub on: Date,
    /// The cell.
    pub cell: Cell,
    /// The formula as one line.
    pub formula: String,
    /// All records of the unit and year, those that count first.
    pub records: Vec<Record>,
    /// How many records count in the numerator or the denominator.
    pub counted: usize,
    /// How many count in neither.
    pub left_out: usize,
}

/// One organisation's part in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Index of the organisation in the register.
    pub organisation: u32,
    /// Whether it counts in the numerator (the value itself, where there is no quotient).
    pub in_numerator: bool,
    /// Whether it counts in the denominator.
    pub in_denominator: bool,
    /// What it adds to the numerator; none where parts do not add up to it.
    pub contribution: Option<f64>,
    /// Why it counts, or the first condition that fails, as one sentence.
    pub why: Words,
}

impl Board {
    /// Computes everything. Odd data gives missing values, never a panic.
    pub fn compute(register: &Register, _places: &Places, pack: &Pack, question: Question) -> Self {
        let last = question.as_of.year().min(pack.setting.year_last);
        Self {
            question,
            position: register.position,
            synthetic: register.has_synthetic(),
            years: (pack.setting.year_first..=last).collect(),
            units: Vec::new(),
            unplaced: Vec::new(),
        }
    }

    /// The day whose state is shown.
    pub fn as_of(&self) -> Date {
        self.question.as_of
    }

    /// The day whose places are shown.
    pub fn geography(&self) -> Date {
        self.question.geography
    }

    /// The ledger position that it was derived from.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether anything in it was made by a generator.
    pub fn has_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The years, oldest first; the last is that of the day.
    pub fn years(&self) -> &[i16] {
        &self.years
    }

    /// The units of the plan's territory, each before those it is made of.
    pub fn unit_ids(&self) -> impl Iterator<Item = &UnitId> {
        self.units.iter()
    }

    /// The value of an indicator for a unit and year.
    pub fn cell(&self, _indicator: &IndicatorId, _unit: &UnitId, _year: i16) -> Option<Cell> {
        None
    }

    /// The targets of the plan for one unit.
    pub fn scoreboard(&self, _unit: &UnitId) -> Option<Scoreboard> {
        None
    }

    /// A cell opened into its records.
    pub fn explain(
        &self,
        _indicator: &IndicatorId,
        _unit: &UnitId,
        _year: i16,
    ) -> Option<Explanation> {
        None
    }

    /// Organisations, by index, whose seat cannot be placed on this geography.
    pub fn unplaced(&self) -> &[u32] {
        &self.unplaced
    }
}
