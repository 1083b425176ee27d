//! The filing by which a number of the plan is given out to units.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::reform::Decision;
use crate::cascade::{Part, Rule};
use crate::ids::TargetId;
use crate::unit::Level;

/// A number of the plan is given out to the units of a level. Of two cascades of one target the later holds; the earlier
/// one stays readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CascadeAdopt {
    /// The plan.
    pub plan: String,
    /// The target.
    pub target: TargetId,
    /// The level of the units.
    pub level: Level,
    /// The day whose units they are.
    pub geography: Date,
    /// What each unit is given for each year; every unit of the level for every year.
    pub parts: Vec<Part>,
    /// What is counted in none of the units, and so is no part of any; it belongs to the sum all the same.
    #[serde(default, skip_serializing_if = "is_none")]
    pub outside: u32,
    /// The rule by which the parts were proposed; none where somebody wrote them down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Why so.
    pub reason: String,
    /// The document that decided it.
    pub decision: Decision,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_none(count: &u32) -> bool {
    *count == 0
}
