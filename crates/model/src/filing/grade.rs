//! Filings about grades: what an organisation scored itself, what a reviewer scored.

use serde::{Deserialize, Serialize};

use crate::grading::Sheet;

/// An organisation scores its year itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeSelfScore {
    /// The year that is scored.
    pub year: i16,
    /// The ruleset.
    pub ruleset: String,
    /// The scores with their evidence.
    pub sheet: Sheet,
}

/// A reviewer goes over a self-score. What the review does not name stays as it was scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeReview {
    /// The year that is scored.
    pub year: i16,
    /// The ruleset.
    pub ruleset: String,
    /// The scores that the reviewer gives, with a reason wherever they differ from the organisation's own.
    pub sheet: Sheet,
}
