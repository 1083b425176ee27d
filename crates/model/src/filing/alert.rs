//! Filings about alerts: put to sleep until a day, taken on by an agency. What alerts there are is computed, never filed.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;

/// What happens to an alert, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AlertAct {
    /// See [`FilingKind::AlertSnooze`].
    Snooze(AlertSnooze),
    /// See [`FilingKind::AlertOwn`].
    Own(AlertOwn),
}

/// An alert is quiet until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSnooze {
    /// The last quiet day. The day of the filing wakes it.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// An agency takes an alert on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertOwn {
    /// The agency, as the plan names it.
    pub agency: String,
    /// What it will do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl AlertAct {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Snooze(_) => FilingKind::AlertSnooze,
            Self::Own(_) => FilingKind::AlertOwn,
        }
    }

    /// Reads the body of a kind; none for a kind that has no such body.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds have bodies of their own")]
    pub(crate) fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            FilingKind::AlertSnooze => Self::Snooze(Deserialize::deserialize(json)?),
            FilingKind::AlertOwn => Self::Own(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }
}
