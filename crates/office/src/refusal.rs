//! Why a filing was not accepted, as a sentence for the one who filed it.

use hoptac_model::filing::FilingKind;
use hoptac_model::finding::Finding;
use hoptac_model::ids::FilingId;
use hoptac_store::Error;
use jiff::Timestamp;

use crate::authority::Role;

/// Why a filing was not accepted. Nothing of it was saved.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The role may not file the kind.
    #[error("{role} may not file {}; ask somebody whose office it is", kind.code())]
    NotAllowed {
        /// Who filed.
        role: Role,
        /// What was filed.
        kind: FilingKind,
    },
    /// Something in it is wrong.
    #[error("{}", first_of(.0))]
    Invalid(Vec<Finding>),
    /// Its key was used for something else.
    #[error(
        "the key `{key}` was used for another filing, at position {position}; \
         a new filing needs a key of its own"
    )]
    KeyTaken {
        /// The key.
        key: String,
        /// Where the other filing stands.
        position: u64,
    },
    /// Somebody else has filed about the same thing.
    #[error(
        "{subject} has changed since it was read, from version {expected} to {actual} ({changes}); \
         look at it again and file anew"
    )]
    Changed {
        /// What both filed about.
        subject: String,
        /// The version that the filer saw.
        expected: u32,
        /// The version that it has.
        actual: u32,
        /// What was filed in between: kind and day of each, in order.
        changes: String,
    },
    /// It would stand behind filings that were recorded later.
    #[error(
        "it was recorded at {recorded_at}, but the ledger already holds a filing recorded at {head}; \
         check the clock"
    )]
    RecordedBack {
        /// When it was recorded.
        recorded_at: Timestamp,
        /// When the last filing of the ledger was.
        head: Timestamp,
    },
    /// One of many was refused, so that none of its lot was saved.
    #[error("filing {number} ({kind}, {id}) was refused, so nothing of its lot was saved")]
    InLot {
        /// Its number among those that were given, from 1.
        number: u64,
        /// Its kind.
        kind: &'static str,
        /// Its identity.
        id: FilingId,
        /// Why.
        #[source]
        refusal: Box<Refusal>,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(Error),
}

impl Refusal {
    /// The findings behind it, where it has any.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Invalid(findings) => findings,
            Self::InLot { refusal, .. } => refusal.findings(),
            Self::NotAllowed { .. }
            | Self::KeyTaken { .. }
            | Self::Changed { .. }
            | Self::RecordedBack { .. }
            | Self::Store(_) => &[],
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // Only one of the store's errors is the filer's own business; a conflict is told by the clerk, who knows more.
        if let Error::RecordedBack { recorded_at, head } = error {
            return Self::RecordedBack { recorded_at, head };
        }
        Self::Store(error)
    }
}

/// The first error as a sentence, and how many there are besides.
fn first_of(findings: &[Finding]) -> String {
    let mut errors = findings.iter().filter(|finding| finding.is_error());
    let Some(first) = errors.next() else { return "it was refused".to_owned() };
    let more = match errors.count() {
        0 => String::new(),
        1 => "; one more thing is wrong".to_owned(),
        count => format!("; {count} more things are wrong"),
    };
    let at = if first.field.is_empty() { String::new() } else { format!("{}: ", first.field) };
    format!("{at}{} ({}){more}", first.message, first.code)
}
