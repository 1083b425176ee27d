//! Filings about an import: a spreadsheet was taken over, and what it brought was taken back.
//!
//! The filings that an import brings stand in the ledger one behind the other, and the filing that closes it says how many
//! they were and out of which file they came.

use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;
use crate::ids::{FilingId, ImportId};

/// One filing about an import, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ImportAct {
    /// See [`FilingKind::ImportTake`].
    Take(ImportTake),
    /// See [`FilingKind::ImportStrike`].
    Strike(ImportStrike),
    /// See [`FilingKind::ImportUndo`].
    Undo(ImportUndo),
}

/// A spreadsheet was taken over: the filings right before this one came out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportTake {
    /// The name of the file.
    pub file_name: String,
    /// The SHA-256 hash of its bytes.
    pub file_hash: String,
    /// The form that its rows are of.
    pub form: String,
    /// The version of the form.
    pub form_version: u16,
    /// The sheet that was read.
    pub sheet: String,
    /// Which columns were which.
    pub columns: Vec<ImportColumn>,
    /// How many filings came out of it.
    pub filings: u32,
    /// What became of its rows.
    pub counts: ImportCounts,
}

/// Under which head a column of the form was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportColumn {
    /// The column of the form.
    pub column: String,
    /// The column of the sheet, by its letters.
    pub at: String,
    /// What its head says.
    pub head: String,
    /// What one stands for in it: 1000000 under a head of million đồng.
    pub unit: i64,
}

/// What becomes of the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportCounts {
    /// Rows of what the register did not know.
    pub new: u32,
    /// Rows that differ from the register.
    pub changed: u32,
    /// Rows that say what the register says.
    pub same: u32,
    /// Rows that may be of something the register knows under another name.
    pub doubtful: u32,
    /// Rows that cannot be taken.
    pub rejected: u32,
}

impl ImportCounts {
    /// How many rows there are.
    pub fn rows(self) -> u32 {
        self.new + self.changed + self.same + self.doubtful + self.rejected
    }
}

/// A filing that an import brought is struck: what it came to goes, the filing stays. The subject is that of the filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportStrike {
    /// The import.
    pub import: ImportId,
    /// The filing.
    pub filing: FilingId,
}

/// An import was taken back: the filings right before this one strike what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportUndo {
    /// How many filings were struck.
    pub filings: u32,
    /// Why.
    pub reason: String,
}

impl ImportAct {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Take(_) => FilingKind::ImportTake,
            Self::Strike(_) => FilingKind::ImportStrike,
            Self::Undo(_) => FilingKind::ImportUndo,
        }
    }

    /// Reads one of a kind; none where the kind is not among these.
    pub fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other kinds have bodies of their own"
        )]
        Ok(Some(match kind {
            FilingKind::ImportTake => Self::Take(Deserialize::deserialize(json)?),
            FilingKind::ImportStrike => Self::Strike(Deserialize::deserialize(json)?),
            FilingKind::ImportUndo => Self::Undo(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }
}

/// Whether what a filing of a kind came to can be taken away again, leaving no trace but the filings.
pub fn can_be_struck(kind: FilingKind) -> bool {
    crate::lifecycle::makes_state(kind)
        || matches!(
            kind,
            FilingKind::OrganisationCorrect
                | FilingKind::ReturnAccept
                | FilingKind::ReturnSubmit
                | FilingKind::GradeDecide
                | FilingKind::LinkSign
                | FilingKind::LinkChange
                | FilingKind::LinkEnd
                | FilingKind::ProductCertify
                | FilingKind::ProductWithdraw
                | FilingKind::SupportApply
                | FilingKind::SupportDecide
                | FilingKind::SupportPay
                | FilingKind::SupportCancel
                | FilingKind::UnitsAdopt
                | FilingKind::FiguresPublish
                | FilingKind::PromotionAttend
                | FilingKind::MemberRoll
                | FilingKind::MemberJoin
                | FilingKind::MemberChange
                | FilingKind::MemberLeave
        )
}
