//! Reports as values: which there are, of which period, and the figures that they are written from. `engine` fills them,
//! `report` puts them into sentences, tables and documents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{IndicatorId, OrganisationId, TargetId, UnitId};
use crate::organisation::{Grade, Kind, Sector, Status};
use crate::period::Period;
use crate::register::{AnnualReturn, Certificate, GradeDecision, Link};
use crate::scoreboard::Row;
use crate::text::Words;
use crate::unit::Level;

/// A report that leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// Báo cáo sáu tháng.
    HalfYear,
    /// Báo cáo năm, with the plan of the next year.
    Yearly,
    /// One page for a leader.
    Brief,
    /// The file of an organisation.
    Organisation,
    /// The grades of a year, as a list.
    Grading,
    /// An extract about an organisation, with a code to verify it by.
    Extract,
}

impl ReportKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::HalfYear,
        Self::Yearly,
        Self::Brief,
        Self::Organisation,
        Self::Grading,
        Self::Extract,
    ];

    /// The kind as it is written on the command line and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::HalfYear => "half-year",
            Self::Yearly => "yearly",
            Self::Brief => "brief",
            Self::Organisation => "organisation",
            Self::Grading => "grading",
            Self::Extract => "extract",
        }
    }

    /// The kind that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::HalfYear => Words::new("Báo cáo 6 tháng", "Half-year report"),
            Self::Yearly => Words::new("Báo cáo năm", "Yearly report"),
            Self::Brief => Words::new("Báo cáo nhanh cho lãnh đạo", "Brief for a leader"),
            Self::Organisation => Words::new("Hồ sơ tổ chức", "File of an organisation"),
            Self::Grading => Words::new("Danh sách xếp loại", "List of grades"),
            Self::Extract => Words::new("Trích lục", "Extract"),
        }
    }

    /// Whether it is about one organisation.
    pub fn is_about_organisation(self) -> bool {
        matches!(self, Self::Organisation | Self::Extract)
    }

    /// Whether a report of this kind speaks of such a period; the sentence says which one it takes.
    pub fn takes(self, period: Period) -> Result<(), PeriodRefused> {
        let takes = match (self, period) {
            (Self::HalfYear, Period::Half(..))
            | (Self::Yearly | Self::Grading, Period::Year(_))
            | (Self::Brief | Self::Organisation | Self::Extract, _) => true,
            (Self::HalfYear, Period::Year(_) | Period::Quarter(..))
            | (Self::Yearly | Self::Grading, Period::Half(..) | Period::Quarter(..)) => false,
        };
        if takes { Ok(()) } else { Err(PeriodRefused { kind: self, period }) }
    }
}

/// A format that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    /// The working format.
    Docx,
    /// The issued one.
    Pdf,
    /// The tables.
    Xlsx,
}

impl ReportFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Docx, Self::Pdf, Self::Xlsx];

    /// The format as file names end.
    pub fn code(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format that file names end so with.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// What a browser is told.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A file of an issued report: the report in a format, or the tree that they were all written from, with every figure's
/// source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EditionFormat {
    /// See [`ReportFormat::Docx`].
    Docx,
    /// See [`ReportFormat::Pdf`].
    Pdf,
    /// See [`ReportFormat::Xlsx`].
    Xlsx,
    /// The tree, as JSON.
    Json,
}

impl EditionFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Docx, Self::Pdf, Self::Xlsx, Self::Json];

    /// The format as file names end.
    pub fn code(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The format that file names end so with.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// What a browser is told.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => ReportFormat::Docx.media_type(),
            Self::Pdf => ReportFormat::Pdf.media_type(),
            Self::Xlsx => ReportFormat::Xlsx.media_type(),
            Self::Json => "application/json",
        }
    }
}

impl From<ReportFormat> for EditionFormat {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Docx => Self::Docx,
            ReportFormat::Pdf => Self::Pdf,
            ReportFormat::Xlsx => Self::Xlsx,
        }
    }
}

/// A report does not speak of such a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the report `{}` is not made for `{period}`; write {}", kind.code(), example(*kind, *period))]
pub struct PeriodRefused {
    /// The report.
    pub kind: ReportKind,
    /// The period that was asked.
    pub period: Period,
}

impl PeriodRefused {
    /// The same in both languages.
    pub fn words(&self) -> Words {
        let vi = format!(
            "{} không lập cho kỳ `{}`; hãy ghi {}",
            self.kind.words().vi,
            self.period,
            example(self.kind, self.period).replace(" or ", " hoặc ")
        );
        Words::new(vi, self.to_string())
    }
}

fn example(kind: ReportKind, period: Period) -> String {
    let year = period.year();
    match kind {
        ReportKind::HalfYear => format!("`{year}-H1` or `{year}-H2`"),
        ReportKind::Yearly
        | ReportKind::Grading
        | ReportKind::Brief
        | ReportKind::Organisation
        | ReportKind::Extract => format!("`{year}`"),
    }
}

/// Where a figure of a report comes from: enough to compute it again and to open it into its records.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The version of its formula.
    pub version: u16,
    /// The target that it is held against, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// The unit.
    pub unit: UnitId,
    /// The day of the value.
    pub on: Date,
    /// The day whose places are counted.
    pub geography: Date,
    /// The ledger position.
    pub position: u64,
}

/// An indicator for a unit, beside what it was before.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The indicator.
    pub indicator: IndicatorId,
    /// On the day of the report; for flows since the year began.
    pub now: Option<f64>,
    /// On the same day a year before.
    pub before: Option<f64>,
    /// At the end of the year before.
    pub year_end: Option<f64>,
}

/// A target for the unit, with its comparison and its chance.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetLine {
    /// How it stands.
    pub row: Row,
    /// The value on the same day a year before.
    pub before: Option<f64>,
    /// How likely it still is; none where nothing can be said.
    pub chance: Option<f64>,
    /// What is needed each year from now on; none where nothing is missing.
    pub needed: Option<f64>,
    /// What the line to the goal, or the yearly number, asks for by the end of the next year.
    pub next: Option<f64>,
}

/// A unit below, with its values of the report's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLine {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// One value per indicator of [`Contents::columns`].
    pub values: Vec<Option<f64>>,
}

/// The unit of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportUnit {
    /// Its identity.
    pub id: UnitId,
    /// Its code.
    pub code: String,
    /// Its name, as `Tỉnh Lạng Sơn`.
    pub name: String,
    /// Its level.
    pub level: Level,
}

/// An organisation of the list of grades.
#[derive(Clone, Debug, PartialEq)]
pub struct GradeLine {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Where it is.
    pub place: String,
    /// The points in tenths; none where nothing is decided.
    pub score_tenths: Option<i32>,
    /// The grade; none where nothing is decided.
    pub grade: Option<Grade>,
}

/// An organisation as its file tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganisationFile {
    /// Its identity.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its legal status.
    pub status: Status,
    /// The day it was founded.
    pub founded_on: Date,
    /// Where its seat is, with the units above.
    pub seat: String,
    /// Its sector.
    pub sector: Sector,
    /// The letter of its main activity.
    pub vsic: char,
    /// Members as declared.
    pub members: Option<i64>,
    /// Charter capital, đồng.
    pub capital: Option<i64>,
    /// Accepted returns, the last version of each year.
    pub returns: Vec<AnnualReturn>,
    /// Decided grades, the last of each year.
    pub grades: Vec<GradeDecision>,
    /// Contracts whose terms hold.
    pub links: Vec<Link>,
    /// Certificates that hold.
    pub certificates: Vec<Certificate>,
    /// Support that was granted.
    pub supports: Vec<SupportLine>,
}

/// Support as the file of an organisation tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportLine {
    /// The programme.
    pub programme: String,
    /// How much was granted, đồng.
    pub granted: i64,
    /// How much was paid, đồng.
    pub paid: i64,
}

/// The figures that a report is written from.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// Which report.
    pub kind: ReportKind,
    /// Of which period.
    pub period: Period,
    /// The day of its figures: the last of the period, or today where that is still to come.
    pub as_of: Date,
    /// The day whose places are counted.
    pub geography: Date,
    /// The ledger position of all figures.
    pub position: u64,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
    /// The unit.
    pub unit: ReportUnit,
    /// All indicators of the plan for the unit, in the order of the plan.
    pub measures: Vec<Compared>,
    /// The targets, in plan order.
    pub targets: Vec<TargetLine>,
    /// The indicators of the table of units.
    pub columns: Vec<IndicatorId>,
    /// The units below.
    pub units: Vec<UnitLine>,
    /// The organisation, of papers about one.
    pub organisation: Option<OrganisationFile>,
    /// The list of grades, of reports that have one.
    pub grades: Vec<GradeLine>,
}

impl Contents {
    /// An indicator by its name in the plan.
    pub fn measure(&self, indicator: &str) -> Option<&Compared> {
        self.measures.iter().find(|one| one.indicator.as_str() == indicator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_year_report_is_of_half_a_year() {
        assert!(ReportKind::HalfYear.takes(Period::Half(2025, 2)).is_ok());
        let refused = ReportKind::HalfYear.takes(Period::Quarter(2025, 3)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the report `half-year` is not made for `2025-Q3`; write `2025-H1` or `2025-H2`"
        );
    }
    #[test]
    fn kinds_read_back_as_written() {
        for kind in ReportKind::ALL {
            assert_eq!(ReportKind::from_code(kind.code()), Some(kind));
        }
    }
}
