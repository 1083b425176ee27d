//! Filings about accounts: who is invited, what they may do from when, for whom they sign, and that an account ends.
//!
//! Passwords, second factors and sessions are no filings: they can be changed and forgotten.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::reform::Decision;
use super::{FilingKind, Reason};
use crate::account::{AccountName, Grant, SignsFor};

/// One filing about an account, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AccountAct {
    /// See [`FilingKind::AccountInvite`].
    Invite(Invitation),
    /// See [`FilingKind::AccountActivate`].
    Activate(Reason),
    /// See [`FilingKind::AccountGrant`].
    Grant(Grant),
    /// See [`FilingKind::AccountRevoke`].
    Revoke(Revocation),
    /// See [`FilingKind::AccountDelegate`].
    Delegate(Delegation),
    /// See [`FilingKind::AccountEndDelegation`].
    EndDelegation(DelegationEnd),
    /// See [`FilingKind::AccountLock`].
    Lock(Reason),
    /// See [`FilingKind::AccountUnlock`].
    Unlock(Reason),
    /// See [`FilingKind::AccountClose`].
    Close(Reason),
}

/// An account is invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// What is shown for it: the office or post, not a person's name.
    pub title: String,
    /// What it may do from the filing's effective day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
}

/// A grant ends: the day before the filing's effective day was its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// The grant, as it was given.
    pub grant: Grant,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The account signs for another from the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// Who is signed for.
    pub of: AccountName,
    /// How.
    pub form: SignsFor,
    /// The last day.
    pub to: Date,
    /// By which document.
    pub decision: Decision,
}

/// The account no longer signs for another: the day before the filing's effective day was the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationEnd {
    /// Who was signed for.
    pub of: AccountName,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl AccountAct {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Invite(_) => FilingKind::AccountInvite,
            Self::Activate(_) => FilingKind::AccountActivate,
            Self::Grant(_) => FilingKind::AccountGrant,
            Self::Revoke(_) => FilingKind::AccountRevoke,
            Self::Delegate(_) => FilingKind::AccountDelegate,
            Self::EndDelegation(_) => FilingKind::AccountEndDelegation,
            Self::Lock(_) => FilingKind::AccountLock,
            Self::Unlock(_) => FilingKind::AccountUnlock,
            Self::Close(_) => FilingKind::AccountClose,
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
            FilingKind::AccountInvite => Self::Invite(Deserialize::deserialize(json)?),
            FilingKind::AccountActivate => Self::Activate(Deserialize::deserialize(json)?),
            FilingKind::AccountGrant => Self::Grant(Deserialize::deserialize(json)?),
            FilingKind::AccountRevoke => Self::Revoke(Deserialize::deserialize(json)?),
            FilingKind::AccountDelegate => Self::Delegate(Deserialize::deserialize(json)?),
            FilingKind::AccountEndDelegation => {
                Self::EndDelegation(Deserialize::deserialize(json)?)
            }
            FilingKind::AccountLock => Self::Lock(Deserialize::deserialize(json)?),
            FilingKind::AccountUnlock => Self::Unlock(Deserialize::deserialize(json)?),
            FilingKind::AccountClose => Self::Close(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }
}
