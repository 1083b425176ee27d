//! Published figures: aggregates with a source, used beside computed values and never mixed with them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::IndicatorId;
use crate::period::Period;
use crate::text::Words;

/// How firm a published figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureStatus {
    /// Counted at the day it speaks of.
    Final,
    /// Estimated before the day it speaks of.
    Estimate,
    /// Counted, may still be corrected.
    Provisional,
    /// Worked out from other published figures.
    Derived,
    /// From a source that should be confirmed.
    LowConfidence,
    /// A goal of an earlier plan, kept for comparison.
    TargetPast,
    /// No published figure at all: what somebody takes it to be, so that a check has something to go by. Never measured with.
    Assumed,
}

impl FigureStatus {
    /// All values.
    pub const ALL: [Self; 7] = [
        Self::Final,
        Self::Estimate,
        Self::Provisional,
        Self::Derived,
        Self::LowConfidence,
        Self::TargetPast,
        Self::Assumed,
    ];

    /// The value as packs write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Estimate => "estimate",
            Self::Provisional => "provisional",
            Self::Derived => "derived",
            Self::LowConfidence => "low_confidence",
            Self::TargetPast => "target_past",
            Self::Assumed => "assumed",
        }
    }

    /// The value that packs write so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it says what was, so that something may be measured with it.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::TargetPast | Self::Assumed)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Final => Words::new("chính thức", "final"),
            Self::Estimate => Words::new("ước thực hiện", "estimate"),
            Self::Provisional => Words::new("sơ bộ", "provisional"),
            Self::Derived => Words::new("suy ra", "derived"),
            Self::LowConfidence => Words::new("cần kiểm chứng", "to be confirmed"),
            Self::TargetPast => Words::new("mục tiêu cũ", "past target"),
            Self::Assumed => Words::new("giả định", "assumed"),
        }
    }
}

/// One published figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name in the pack, unique there.
    pub id: String,
    /// The indicator, or the series of its own, that it belongs to.
    pub indicator: IndicatorId,
    /// The code of the unit it speaks of.
    pub unit: String,
    /// The day it speaks of; for a period, the period's last day.
    pub as_of: Date,
    /// The period, for figures that speak of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The value as published, in the unit of its indicator.
    pub value: f64,
    /// How firm it is.
    pub status: FigureStatus,
    /// The document or publisher.
    pub source: String,
    /// The day the source was published, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_date: Option<Date>,
    /// Where the source can be read, where known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source_url: String,
    /// What should be known about it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub note: Words,
}

impl Figure {
    /// The day or period as it is shown: `2024-06-30`, `2022-H1`.
    pub fn period_code(&self) -> String {
        self.period.map_or_else(|| self.as_of.to_string(), |period| period.to_string())
    }
}
