//! Small parts that many answers have.

use std::borrow::Cow;

use hoptac_model::text::Words;
use hoptac_model::unit::Unit;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// The same words in both languages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Words")]
pub(crate) struct Text {
    /// Vietnamese.
    vi: String,
    /// English.
    en: String,
}

impl From<&Words> for Text {
    fn from(words: &Words) -> Self {
        Self { vi: words.vi.clone(), en: words.en.clone() }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self { vi: words.vi, en: words.en }
    }
}

/// A unit, named.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "UnitReference")]
pub(crate) struct UnitReference {
    /// Its identity, which no other unit ever has.
    pub(crate) id: String,
    /// Its code, which may have passed to another unit since.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
}

impl From<&Unit> for UnitReference {
    fn from(unit: &Unit) -> Self {
        Self { id: unit.id.to_string(), code: unit.code.clone(), name: unit.name.clone() }
    }
}

/// How a civil date is described: `2025-12-31`.
pub(crate) struct Day;

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}
