//! The ladder: to whom a task rises the nearer its due day comes and the longer it is past it. Its rungs are dated data of
//! the plan's pack; a plan without rungs lets nothing rise.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Situation;
use crate::text::Words;

/// Whom a task rises to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The agency in the lead.
    Lead,
    /// The agencies that work with it.
    With,
    /// The lead department of the plan.
    Owner,
    /// The people's committee.
    Leader,
}

impl Addressee {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Lead, Self::With, Self::Owner, Self::Leader];

    /// The word in packs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::With => "with",
            Self::Owner => "owner",
            Self::Leader => "leader",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Lead => Words::new("cơ quan chủ trì nhiệm vụ", "the lead agency"),
            Self::With => Words::new("cơ quan phối hợp", "the coordinating agencies"),
            Self::Owner => Words::new("cơ quan chủ trì kế hoạch", "the plan's lead department"),
            Self::Leader => Words::new("lãnh đạo Ủy ban nhân dân", "the people's committee"),
        }
    }
}

/// A rung of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Its name in the pack.
    pub id: String,
    /// From how many days after the due day it is reached; less than zero before it.
    pub days: i16,
    /// Who hears of it.
    pub to: Vec<Addressee>,
    /// What is done there.
    pub title: Words,
    /// The first day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// Where the rule comes from.
    pub source: Words,
}

impl Rung {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// The highest rung that an open task has reached on a day; none where it has no due day, is done, or is far from it.
pub fn rung_on<'r>(ladder: &'r [Rung], situation: &Situation, day: Date) -> Option<&'r Rung> {
    let days = situation.days.filter(|_| situation.state.is_open())?;
    let reached = |rung: &&Rung| rung.holds_on(day) && i32::from(rung.days) <= -days;
    ladder.iter().filter(reached).max_by_key(|rung| rung.days)
}
