//! The filing by which the figures of another instance are received. They are kept beside the ledger under their hash and never mixed
//! with the register here; the filing says where they come from and proves them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A bundle is received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleAccept {
    /// The key that it is signed with, as 64 hexadecimal digits: who sends it.
    pub key: String,
    /// The unit whose plan it is, as the sender names it.
    pub unit: String,
    /// The name of that unit.
    pub unit_name: String,
    /// The document of the plan.
    pub plan: String,
    /// The sender's ledger position that everything in it was derived from.
    pub sender_position: u64,
    /// The hash of the sender's ledger at that position.
    pub sender_head: String,
    /// The day of its figures.
    pub as_of: Date,
    /// The day on which it was made.
    pub made_on: Date,
    /// Whether anything in it was made by a generator.
    pub synthetic: bool,
    /// SHA-256 of the bundle, as 64 hexadecimal digits.
    pub hash: String,
    /// How many bytes it has.
    pub bytes: u64,
}
