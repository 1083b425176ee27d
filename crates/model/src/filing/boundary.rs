//! The filing by which outlines of units are loaded, and by which a loading is taken back. The outlines are kept beside the ledger under
//! their hash, always all of them; the filing says where they come from and what it changed.

use serde::{Deserialize, Serialize};

/// The outlines of units are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundariesSet {
    /// The name of the file that was handed in.
    pub file_name: String,
    /// SHA-256 of that file, as 64 hexadecimal digits.
    pub file_hash: String,
    /// SHA-256 of all outlines that hold from here on, as 64 hexadecimal digits.
    pub hash: String,
    /// How many units have an outline.
    pub units: u32,
    /// How many of them had none before.
    pub added: u32,
    /// How many of them had another one before.
    pub changed: u32,
    /// The ledger position of the loading that is taken back; none where one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<u64>,
    /// Why it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
