//! Filings about tasks: opened beside those of the plan, assigned, reported on, put off, closed, cancelled, merged,
//! opened again. Tasks of the plan are opened by its adoption and need no filing for that.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;
use super::reform::Decision;
use crate::ids::UnitId;
use crate::task::{Basis, Effect, Evidence, Ground, Recurrence};

/// What happens to a task, by kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum TaskAct {
    /// See [`FilingKind::TaskOpen`].
    Open(Box<TaskOpen>),
    /// See [`FilingKind::TaskAssign`].
    Assign(Box<TaskAssign>),
    /// See [`FilingKind::TaskProgress`].
    Progress(TaskProgress),
    /// See [`FilingKind::TaskPostpone`].
    Postpone(TaskPostpone),
    /// See [`FilingKind::TaskClose`].
    Close(TaskClose),
    /// See [`FilingKind::TaskCancel`].
    Cancel(TaskCancel),
    /// See [`FilingKind::TaskMerge`].
    Merge(TaskMerge),
    /// See [`FilingKind::TaskReopen`].
    Reopen(TaskReopen),
}

/// A task is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskOpen {
    /// What is to be done.
    pub title: String,
    /// Why it is opened.
    pub ground: Ground,
    /// Its field, as the plan names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The agency in the lead, as the plan names it.
    pub lead: String,
    /// Agencies that work with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// The unit where it is to be done; none for the plan's whole territory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The day by which it is to be done; of a task that returns, its first due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// How often it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// What it should move.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// What should be known about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Who does a task, where, by when. What is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskAssign {
    /// Another agency in the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Other agencies that work with it; an empty list takes all away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<String>>,
    /// The account that sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Another unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Another due day; of a task that returns, that from which its days are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// How often it returns from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// What it should move; takes the place of what was expected before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Effect>>,
    /// The document by which it was assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How far a task has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskProgress {
    /// What was done.
    pub said: String,
    /// How much of the whole, in percent, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// A task is put off to a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskPostpone {
    /// The due day that is put off, of a task that returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Date>,
    /// The new day.
    pub to: Date,
    /// Why.
    pub reason: String,
    /// The document by which that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// A task is done; of a task that returns, one of its occurrences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskClose {
    /// The due day of the occurrence that is done, of a task that returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Date>,
    /// What came of it.
    pub result: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The figures that show it, where they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
}

/// A task is not to be done any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskCancel {
    /// Why.
    pub reason: String,
    /// The document by which that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// A task goes on as part of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskMerge {
    /// The other task.
    pub into: String,
    /// Why.
    pub reason: String,
}

/// A task that had ended, or an occurrence that was done, is open again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskReopen {
    /// The due day of the occurrence, of a task that returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Date>,
    /// Why.
    pub reason: String,
}

impl TaskAct {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Open(_) => FilingKind::TaskOpen,
            Self::Assign(_) => FilingKind::TaskAssign,
            Self::Progress(_) => FilingKind::TaskProgress,
            Self::Postpone(_) => FilingKind::TaskPostpone,
            Self::Close(_) => FilingKind::TaskClose,
            Self::Cancel(_) => FilingKind::TaskCancel,
            Self::Merge(_) => FilingKind::TaskMerge,
            Self::Reopen(_) => FilingKind::TaskReopen,
        }
    }

    /// Reads the body of a kind; none for a kind that has no such body.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds have bodies of their own")]
    pub(crate) fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            FilingKind::TaskOpen => Self::Open(Deserialize::deserialize(json)?),
            FilingKind::TaskAssign => Self::Assign(Deserialize::deserialize(json)?),
            FilingKind::TaskProgress => Self::Progress(Deserialize::deserialize(json)?),
            FilingKind::TaskPostpone => Self::Postpone(Deserialize::deserialize(json)?),
            FilingKind::TaskClose => Self::Close(Deserialize::deserialize(json)?),
            FilingKind::TaskCancel => Self::Cancel(Deserialize::deserialize(json)?),
            FilingKind::TaskMerge => Self::Merge(Deserialize::deserialize(json)?),
            FilingKind::TaskReopen => Self::Reopen(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }
}
