//! The board: every indicator for every place and year, computed for one day and one geography.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoptac_model::fact::Catalogue;
use hoptac_model::formula::Formula;
use hoptac_model::ids::{IndicatorId, TargetId, UnitId};
use hoptac_model::pack::Pack;
use hoptac_model::register::Register;
use hoptac_model::scoreboard::{Row, Scoreboard};
use hoptac_model::target::Baseline;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use jiff::civil::Date;

use crate::facts::Moment;
use crate::kept::Kept;
use crate::measure::{Measured, Reckoning};
use crate::{explain, scoreboard};

/// What is asked: the state of one day, on the places of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The day whose state is asked.
    pub as_of: Date,
    /// The day whose places are asked.
    pub geography: Date,
}

/// Everything computed for one day and one geography.
///
/// A value is that of the year's last day, or of the asked day within its year. Returns count as filed by the asked day.
/// Boards of the same kept figures share what did not change between them; to clone one is cheap.
#[derive(Clone, Debug)]
pub struct Board {
    pub(crate) frame: Arc<Frame>,
    /// On the asked geography.
    pub(crate) measured: Measured,
    /// On the plan's own geography, where targets are set for each unit of a level that the asked one has not.
    pub(crate) of_plan: Option<Measured>,
    pub(crate) position: u64,
    pub(crate) synthetic: bool,
}

/// What is asked, and by which definitions: what all boards of the same kept figures have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) question: Question,
    pub(crate) pack: Pack,
    pub(crate) catalogue: Catalogue,
    pub(crate) reckonings: Vec<Reckoning>,
    pub(crate) years: Vec<i16>,
    /// The years, then the days of baselines that no year ends on.
    pub(crate) moments: Arc<[Moment]>,
    pub(crate) indicators: BTreeMap<IndicatorId, usize>,
}

impl Frame {
    /// The definitions of a plan, read.
    pub(crate) fn new(pack: &Pack, question: Question) -> Self {
        let (setting, as_of) = (&pack.setting, question.as_of);
        let years: Vec<i16> = (setting.year_first..=as_of.year().min(setting.year_last)).collect();
        let catalogue = Catalogue::new(pack.annual_return());
        let reckonings =
            pack.indicators.iter().map(|indicator| Reckoning::new(indicator, &catalogue)).collect();
        let mut indicators = BTreeMap::new();
        for (index, indicator) in pack.indicators.iter().enumerate() {
            indicators.entry(indicator.id.clone()).or_insert(index);
        }
        let moments = moments(pack, &years, as_of).into();
        Self { question, pack: pack.clone(), catalogue, reckonings, years, moments, indicators }
    }
}

impl Frame {
    /// Which columns the formulas of some indicators name.
    pub(crate) fn columns_of<'a>(
        &self,
        reckonings: impl IntoIterator<Item = &'a Reckoning>,
    ) -> Vec<bool> {
        let mut wanted = vec![false; self.catalogue.columns().len()];
        let formulas = reckonings.into_iter().flat_map(Reckoning::formulas);
        for column in formulas.flat_map(Formula::columns) {
            if let Some(wanted) = wanted.get_mut(column) {
                *wanted = true;
            }
        }
        wanted
    }
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
    pub fn compute(register: &Register, places: &Places, pack: &Pack, question: Question) -> Self {
        Kept::lay_out(register, places, pack, question).board()
    }

    /// What was asked.
    pub fn question(&self) -> Question {
        self.frame.question
    }

    /// The board at a later ledger position, where nothing that it follows from was filed in between.
    #[must_use]
    pub fn at(&self, position: u64) -> Self {
        Self { position, ..self.clone() }
    }

    /// The day whose state is shown.
    pub fn as_of(&self) -> Date {
        self.frame.question.as_of
    }

    /// The day whose places are shown.
    pub fn geography(&self) -> Date {
        self.frame.question.geography
    }

    /// The ledger position that it was derived from.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether anything in it was made by a generator.
    pub fn has_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The years, oldest first; the last is that of the day, or the plan's last.
    pub fn years(&self) -> &[i16] {
        &self.frame.years
    }

    /// The units of the plan's territory, each before those it is made of.
    pub fn unit_ids(&self) -> impl Iterator<Item = &UnitId> {
        self.measured.geography.spots().iter().map(|spot| &spot.unit.id)
    }

    /// A unit and all that it is made of, each before those below it; nothing where the unit is not of the territory.
    pub fn unit_ids_within(&self, unit: &UnitId) -> impl Iterator<Item = &UnitId> {
        let geography = &self.measured.geography;
        let within = geography.find(unit).map_or(0..0, |at| geography.subtree(at));
        let spots = geography.spots().get(within).unwrap_or_default();
        spots.iter().map(|spot| &spot.unit.id)
    }

    /// The values of an indicator for a unit in every year, the oldest first; none where there is no such indicator or unit.
    pub fn cells(
        &self,
        indicator: &IndicatorId,
        unit: &UnitId,
    ) -> Option<impl Iterator<Item = (i16, Cell)>> {
        let indicator = self.indicator_index(indicator)?;
        let unit = self.measured.geography.find(unit)?;
        let moments = self.frame.years.iter().copied().zip(0..);
        Some(moments.map(move |(year, at)| (year, self.measured.cell(indicator, unit, at))))
    }

    /// The value of an indicator for a unit and year.
    pub fn cell(&self, indicator: &IndicatorId, unit: &UnitId, year: i16) -> Option<Cell> {
        let indicator = self.indicator_index(indicator)?;
        let unit = self.measured.geography.find(unit)?;
        Some(self.measured.cell(indicator, unit, self.moment_of(year)?))
    }

    /// The targets of the plan for one unit, each in the reading taken by default.
    pub fn scoreboard(&self, unit: &UnitId) -> Option<Scoreboard> {
        self.measured.geography.find(unit)?;
        Some(Scoreboard {
            ledger_position: self.position,
            as_of: self.as_of(),
            geography: self.geography(),
            unit: unit.clone(),
            synthetic: self.synthetic,
            rows: self
                .frame
                .pack
                .targets
                .iter()
                .filter_map(|target| scoreboard::row(self, target, &target.indicator, unit))
                .collect(),
        })
    }

    /// One target for one unit, in one of its readings; the first where none is named.
    pub fn row(&self, target: &TargetId, reading: Option<&str>, unit: &UnitId) -> Option<Row> {
        let target = self.frame.pack.target(target)?;
        let indicator = match reading {
            Some(id) => &target.readings.iter().find(|reading| reading.id == id)?.indicator,
            None => &target.indicator,
        };
        scoreboard::row(self, target, indicator, unit)
    }

    /// A cell opened into its records.
    pub fn explain(
        &self,
        indicator: &IndicatorId,
        unit: &UnitId,
        year: i16,
    ) -> Option<Explanation> {
        explain::explain(self, indicator, unit, year)
    }

    /// Organisations, by index, that cannot be placed in a commune on this geography in at least one of the years. They
    /// count in the lowest unit above that is certain.
    pub fn unplaced(&self) -> &[u32] {
        &self.measured.unplaced
    }

    /// The same on the plan's own geography, which is used where a target is set for each unit of a level that the asked
    /// one has not; empty where it is not used. What is listed counts in none of those units.
    pub fn unplaced_of_plan(&self) -> &[u32] {
        self.of_plan.as_ref().map_or(&[], |measured| measured.unplaced.as_slice())
    }

    /// The place of an indicator in the pack.
    pub(crate) fn indicator_index(&self, indicator: &IndicatorId) -> Option<usize> {
        self.frame.indicators.get(indicator).copied()
    }

    /// The place of a year among the moments, which start with the years.
    pub(crate) fn moment_of(&self, year: i16) -> Option<usize> {
        self.frame.years.iter().position(|known| *known == year)
    }
}

/// The moments to compute: one per year, then the days of baselines that no year ends on. A baseline later than the
/// asked day is not known yet.
fn moments(pack: &Pack, years: &[i16], as_of: Date) -> Vec<Moment> {
    let mut moments: Vec<Moment> = years.iter().map(|year| Moment::of_year(*year, as_of)).collect();
    let days: BTreeSet<Date> = pack
        .targets
        .iter()
        .filter_map(|target| match &target.baseline {
            Some(Baseline::Register { as_of }) => Some(*as_of),
            Some(Baseline::Figure { .. }) | None => None,
        })
        .filter(|day| *day <= as_of)
        .collect();
    for moment in days.into_iter().map(Moment::of_day) {
        if !moments.contains(&moment) {
            moments.push(moment);
        }
    }
    moments
}
