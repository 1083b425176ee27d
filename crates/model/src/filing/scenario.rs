//! The filing by which a scenario is kept under a name, so that others can ask the same again.

use serde::{Deserialize, Serialize};

use crate::scenario::Setting;
use crate::text::Words;

/// A scenario is kept. Kept again under the same name, it takes the place of what was kept before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSave {
    /// What people call it.
    pub title: String,
    /// What it takes for granted, as `formation.THT=+20%`.
    pub settings: Vec<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl ScenarioSave {
    /// The settings, each read or told why it cannot be.
    pub fn read(&self) -> impl Iterator<Item = Result<Setting, Words>> {
        self.settings.iter().map(|text| {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            Setting::read(key, value)
        })
    }
}
