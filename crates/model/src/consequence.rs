//! What a filing would change if it were accepted: figures, standings, what rests on the state that it changes.

use jiff::civil::Date;
use serde::Serialize;

use crate::filing::FilingKind;
use crate::ids::{IndicatorId, TargetId, UnitId};
use crate::organisation::Grade;
use crate::standing::Standing;

/// Everything that would change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Consequences {
    /// Figures that would have another value.
    pub figures: Vec<FigureChange>,
    /// Targets that would stand otherwise.
    pub standings: Vec<StandingChange>,
    /// Filings about the same thing that are accepted already and take effect on the day or later.
    pub later: Vec<Touched>,
    /// Accepted returns of the organisation for years that the change reaches.
    pub returns: Vec<TouchedReturn>,
    /// Decided grades of the organisation for years that the change reaches.
    pub grades: Vec<TouchedGrade>,
    /// Issued editions that show a day on which a figure would change.
    pub editions: Vec<IssuedEdition>,
}

/// A figure that would have another value on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureChange {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The targets that it measures.
    pub targets: Vec<TargetId>,
    /// The place.
    pub unit: UnitId,
    /// The year.
    pub year: i16,
    /// The day whose state is taken: the year's last, or the asked day within its year.
    pub on: Date,
    /// The value now; none where data is missing.
    pub before: Option<f64>,
    /// The value then.
    pub after: Option<f64>,
}

/// A target that would stand otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandingChange {
    /// The target.
    pub target: TargetId,
    /// The place.
    pub unit: UnitId,
    /// Where it stands; none where it does not apply.
    pub before: Option<Standing>,
    /// Where it would stand.
    pub after: Option<Standing>,
}

/// A filing that was accepted already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Its position in the ledger.
    pub position: u64,
    /// What it does.
    pub kind: FilingKind,
    /// From when it is effective.
    pub effective_on: Date,
}

/// A return that was accepted already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TouchedReturn {
    /// The year.
    pub year: i16,
    /// The day on which it was filed.
    pub on: Date,
}

/// A grade that was decided already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TouchedGrade {
    /// The year.
    pub year: i16,
    /// The day of the decision.
    pub on: Date,
    /// The grade.
    pub grade: Grade,
}

/// An edition that was issued: a filing about `edition/…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssuedEdition {
    /// Its name.
    pub id: String,
    /// The position of its filing in the ledger.
    pub position: u64,
    /// The day whose state it shows.
    pub on: Date,
}

impl Consequences {
    /// The first day on which a figure would change.
    pub fn first_day(&self) -> Option<Date> {
        self.figures.iter().map(|change| change.on).min()
    }
}
