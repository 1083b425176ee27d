//! Filings about support: a programme is opened; an organisation applies, and what is decided, paid, paid back and cancelled.

use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;
use super::reform::Decision;
use crate::support::Programme;

/// What happens about support, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Support {
    /// See [`FilingKind::ProgrammeOpen`].
    Open(Box<ProgrammeOpen>),
    /// See [`FilingKind::SupportApply`].
    Apply(SupportApply),
    /// See [`FilingKind::SupportDecide`].
    Decide(SupportDecide),
    /// See [`FilingKind::SupportPay`].
    Pay(SupportPay),
    /// See [`FilingKind::SupportRepay`].
    Repay(SupportPay),
    /// See [`FilingKind::SupportCancel`].
    Cancel(SupportCancel),
}

/// A support programme is opened, or opened anew with other terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeOpen {
    /// The programme.
    pub programme: Programme,
}

/// An organisation applies for support.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportApply {
    /// The application's number or name, unique for the organisation.
    pub application: String,
    /// The programme.
    pub programme: String,
    /// How much is asked for, đồng.
    pub amount: i64,
    /// What for.
    pub purpose: String,
    /// Whether the applicant declares not to be serving a penalty; absent where nothing is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_penalty: Option<bool>,
}

/// An application is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportDecide {
    /// The application.
    pub application: String,
    /// Whether it is approved.
    pub approved: bool,
    /// How much is granted, đồng; nothing where it is not approved.
    #[serde(default)]
    pub amount: i64,
    /// The document.
    pub decision: Decision,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Something is paid for an application, or paid back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportPay {
    /// The application.
    pub application: String,
    /// How much, đồng.
    pub amount: i64,
    /// The document of the payment.
    pub document: String,
    /// Why, for a repayment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An application is cancelled. What was paid for it is owed back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportCancel {
    /// The application.
    pub application: String,
    /// Why.
    pub reason: String,
}

impl Support {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Open(_) => FilingKind::ProgrammeOpen,
            Self::Apply(_) => FilingKind::SupportApply,
            Self::Decide(_) => FilingKind::SupportDecide,
            Self::Pay(_) => FilingKind::SupportPay,
            Self::Repay(_) => FilingKind::SupportRepay,
            Self::Cancel(_) => FilingKind::SupportCancel,
        }
    }

    /// Reads the body of a kind; none for a kind that has no such body.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds have bodies of their own")]
    pub(crate) fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            FilingKind::ProgrammeOpen => Self::Open(Deserialize::deserialize(json)?),
            FilingKind::SupportApply => Self::Apply(Deserialize::deserialize(json)?),
            FilingKind::SupportDecide => Self::Decide(Deserialize::deserialize(json)?),
            FilingKind::SupportPay => Self::Pay(Deserialize::deserialize(json)?),
            FilingKind::SupportRepay => Self::Repay(Deserialize::deserialize(json)?),
            FilingKind::SupportCancel => Self::Cancel(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }
}
