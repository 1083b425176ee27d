//! The filing by which a report is issued: what was issued, from which state of the ledger, who signed it as what, and the
//! hash of every file. The files themselves are kept beside the ledger under their hash; the filing proves them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::SignsFor;
use crate::ids::{OrganisationId, UnitId};
use crate::period::Period;
use crate::report::{EditionFormat, ReportKind};

/// A report that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionIssue {
    /// Which report.
    pub report: ReportKind,
    /// Of which period.
    pub period: Period,
    /// The unit that it speaks of.
    pub unit: UnitId,
    /// The organisation that it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// The day of its figures.
    pub as_of: Date,
    /// The ledger position of its figures.
    pub figures_position: u64,
    /// Its title.
    pub title: String,
    /// Number and symbol, as `12/BC-UBND`.
    pub number: String,
    /// Who signed it.
    pub signer: String,
    /// In whose name.
    pub capacity: SignsFor,
    /// Sentences that people wrote in the place of composed ones, by their name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub edits: BTreeMap<String, String>,
    /// The files, one of each format.
    pub files: Vec<EditionFile>,
}

/// A file of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionFile {
    /// In which format.
    pub format: EditionFormat,
    /// SHA-256 of its bytes, as 64 hexadecimal digits.
    pub hash: String,
    /// How many bytes it has.
    pub bytes: u64,
}

impl EditionIssue {
    /// The file of a format.
    pub fn file(&self, format: EditionFormat) -> Option<&EditionFile> {
        self.files.iter().find(|file| file.format == format)
    }
}
