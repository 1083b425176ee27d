//! Filings about a yearly return on its way: handed in, sent back, a check of its form waived.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An organisation hands its yearly return in. Until it is accepted, none of it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnSubmit {
    /// The year.
    pub year: i16,
    /// The form's version.
    pub form_version: u16,
    /// Values by field, as in a return that is accepted.
    pub values: BTreeMap<String, i64>,
}

/// What was handed in goes back to the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnSendBack {
    /// The year.
    pub year: i16,
    /// What is to be put right, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, String>,
    /// What is to be put right about the whole; may be empty where fields are named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A named check of the form is waived for an organisation and a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnWaive {
    /// The year.
    pub year: i16,
    /// The check, by its name in the form.
    pub check: String,
    /// The office whose official waives it, never a person's name.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// The last day on which the waiver holds.
    pub until: Date,
}
