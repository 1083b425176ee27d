//! What else happens to an organisation in law: notices, its address, closing, bankruptcy, orders, reorganisation; and
//! what is said about earlier filings: corrections and remarks.
//!
//! Articles are those of Law 17/2023/QH15.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{FilingKind, Reason};
use crate::ids::{FilingId, OrganisationId};
use crate::organisation::Status;
use crate::text::Words;

/// One such filing, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// See [`FilingKind::OrganisationNotify`].
    Notify(Notice),
    /// See [`FilingKind::OrganisationLeaveAddress`].
    LeaveAddress(Reason),
    /// See [`FilingKind::OrganisationReturnToAddress`].
    ReturnToAddress(Reason),
    /// See [`FilingKind::OrganisationClose`].
    Close(Closing),
    /// See [`FilingKind::OrganisationDissolveByOrder`].
    DissolveByOrder(Order),
    /// See [`FilingKind::OrganisationOpenBankruptcy`].
    OpenBankruptcy(Order),
    /// See [`FilingKind::OrganisationEndBankruptcy`].
    EndBankruptcy(BankruptcyEnd),
    /// See [`FilingKind::OrganisationWithdraw`].
    Withdraw(Withdrawal),
    /// See [`FilingKind::OrganisationRestore`].
    Restore(Order),
    /// See [`FilingKind::OrganisationDivide`].
    Divide(Division),
    /// See [`FilingKind::OrganisationSeparate`].
    Separate(Division),
    /// See [`FilingKind::OrganisationConsolidate`].
    Consolidate(Consolidation),
    /// See [`FilingKind::OrganisationMerge`].
    Merge(Merger),
    /// See [`FilingKind::OrganisationDuplicate`].
    Duplicate(Merger),
    /// See [`FilingKind::OrganisationCorrect`].
    Correct(Correction),
    /// See [`FilingKind::OrganisationAnnotate`].
    Annotate(Remark),
}

/// A notice of what needs no new certificate [Article 48]; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// VSIC level-1 letter of a new main activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vsic: Option<char>,
    /// The edition of the classification that the lines are taken from, as `27/2018/QĐ-TTg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// All business lines from then on, by level-4 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<String>>,
    /// Foreign official members from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_members: Option<i64>,
    /// What else is notified, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// To what end an organisation begins to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingWay {
    /// Dissolution by its own resolution [Article 98].
    Dissolution,
    /// It is divided [Article 92].
    Division,
    /// It is consolidated with others [Article 94].
    Consolidation,
    /// It merges into another [Article 95].
    Merger,
}

/// An organisation begins to close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// To what end.
    pub way: ClosingWay,
    /// The number of the resolution.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resolution: String,
    /// The day of the resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_on: Option<Date>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What an authority or a court decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The number of the decision.
    pub decision: String,
    /// Who decided.
    pub issuer: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How bankruptcy proceedings end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankruptcyOutcome {
    /// The court declares the organisation bankrupt: it ends.
    Declared,
    /// The proceedings are discontinued: it goes on.
    Discontinued,
}

/// Bankruptcy proceedings end [Article 102].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankruptcyEnd {
    /// How.
    pub outcome: BankruptcyOutcome,
    /// The number of the court's decision.
    pub decision: String,
    /// The court.
    pub issuer: String,
}

/// Why a certificate is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalGround {
    /// Enforcement of tax administration.
    Tax,
    /// More than twelve months without activity and without notice [Article 103].
    Inactive,
    /// No report on compliance twelve months after it was asked for [Article 103].
    NoReport,
    /// Fewer members than the minimum for twelve months [Article 103].
    TooFewMembers,
    /// No annual general meeting for eighteen months [Article 103].
    NoMeeting,
    /// Another ground, named in the reason.
    Other,
}

/// A certificate is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Why.
    pub ground: WithdrawalGround,
    /// The number of the decision.
    pub decision: String,
    /// Who decided.
    pub issuer: String,
    /// Why, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An organisation is divided into others and ends [Article 92], or others are separated from it and it goes on
/// [Article 93]. The others are established first, each by a filing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// The organisations that come of it.
    pub into: Vec<OrganisationId>,
    /// Official members that stay, where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<i64>,
    /// Charter capital that stays, where it goes on, đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<i64>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An organisation is consolidated with others into a new one and ends [Article 94]. Each of them files it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consolidation {
    /// The new organisation, established before.
    pub into: OrganisationId,
    /// The others that end with it.
    pub with: Vec<OrganisationId>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An organisation goes into another and ends [Article 95], or its record turns out to be a second one of the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merger {
    /// The other, which goes on.
    pub into: OrganisationId,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An earlier filing about the same organisation said something wrong. From then on what it should have said holds, from the
/// day on which this filing is effective; the earlier one stays in the ledger as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The earlier filing.
    pub filing: FilingId,
    /// What it should have said, as a body of the same kind; absent where it should not have been filed at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Why.
    pub reason: String,
}

/// A remark about an organisation, or about one of its filings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The filing that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<FilingId>,
    /// The remark.
    pub text: String,
}

/// How one organisation came of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Chia.
    Divided,
    /// Tách.
    Separated,
    /// Hợp nhất.
    Consolidated,
    /// Sáp nhập.
    Merged,
    /// Trùng hồ sơ.
    Duplicate,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 5] =
        [Self::Divided, Self::Separated, Self::Consolidated, Self::Merged, Self::Duplicate];

    /// The way as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Divided => "divided",
            Self::Separated => "separated",
            Self::Consolidated => "consolidated",
            Self::Merged => "merged",
            Self::Duplicate => "duplicate",
        }
    }

    /// The way that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Divided => Words::new("chia", "divided"),
            Self::Separated => Words::new("tách", "separated"),
            Self::Consolidated => Words::new("hợp nhất", "consolidated"),
            Self::Merged => Words::new("sáp nhập", "merged"),
            Self::Duplicate => Words::new("trùng hồ sơ", "duplicate record"),
        }
    }
}

impl Event {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Notify(_) => FilingKind::OrganisationNotify,
            Self::LeaveAddress(_) => FilingKind::OrganisationLeaveAddress,
            Self::ReturnToAddress(_) => FilingKind::OrganisationReturnToAddress,
            Self::Close(_) => FilingKind::OrganisationClose,
            Self::DissolveByOrder(_) => FilingKind::OrganisationDissolveByOrder,
            Self::OpenBankruptcy(_) => FilingKind::OrganisationOpenBankruptcy,
            Self::EndBankruptcy(_) => FilingKind::OrganisationEndBankruptcy,
            Self::Withdraw(_) => FilingKind::OrganisationWithdraw,
            Self::Restore(_) => FilingKind::OrganisationRestore,
            Self::Divide(_) => FilingKind::OrganisationDivide,
            Self::Separate(_) => FilingKind::OrganisationSeparate,
            Self::Consolidate(_) => FilingKind::OrganisationConsolidate,
            Self::Merge(_) => FilingKind::OrganisationMerge,
            Self::Duplicate(_) => FilingKind::OrganisationDuplicate,
            Self::Correct(_) => FilingKind::OrganisationCorrect,
            Self::Annotate(_) => FilingKind::OrganisationAnnotate,
        }
    }

    /// Reads one of a kind; none where the kind is not among these.
    pub fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
            T::deserialize(json)
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other kinds have bodies of their own"
        )]
        Ok(Some(match kind {
            FilingKind::OrganisationNotify => Self::Notify(one(json)?),
            FilingKind::OrganisationLeaveAddress => Self::LeaveAddress(one(json)?),
            FilingKind::OrganisationReturnToAddress => Self::ReturnToAddress(one(json)?),
            FilingKind::OrganisationClose => Self::Close(one(json)?),
            FilingKind::OrganisationDissolveByOrder => Self::DissolveByOrder(one(json)?),
            FilingKind::OrganisationOpenBankruptcy => Self::OpenBankruptcy(one(json)?),
            FilingKind::OrganisationEndBankruptcy => Self::EndBankruptcy(one(json)?),
            FilingKind::OrganisationWithdraw => Self::Withdraw(one(json)?),
            FilingKind::OrganisationRestore => Self::Restore(one(json)?),
            FilingKind::OrganisationDivide => Self::Divide(one(json)?),
            FilingKind::OrganisationSeparate => Self::Separate(one(json)?),
            FilingKind::OrganisationConsolidate => Self::Consolidate(one(json)?),
            FilingKind::OrganisationMerge => Self::Merge(one(json)?),
            FilingKind::OrganisationDuplicate => Self::Duplicate(one(json)?),
            FilingKind::OrganisationCorrect => Self::Correct(one(json)?),
            FilingKind::OrganisationAnnotate => Self::Annotate(one(json)?),
            _ => return Ok(None),
        }))
    }

    /// The status that it leads to; none where the status stays.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Notify(_) | Self::Separate(_) | Self::Correct(_) | Self::Annotate(_) => None,
            Self::LeaveAddress(_) => Some(Status::NotAtAddress),
            Self::ReturnToAddress(_) | Self::Restore(_) => Some(Status::Operating),
            Self::Close(_) => Some(Status::Closing),
            Self::OpenBankruptcy(_) => Some(Status::Bankrupt),
            Self::EndBankruptcy(end) => Some(match end.outcome {
                BankruptcyOutcome::Declared => Status::Terminated,
                BankruptcyOutcome::Discontinued => Status::Operating,
            }),
            // The list of the decree has a value for withdrawal by the tax administration only. On every other ground the
            // organisation must be wound up, so that it counts as closing; this reading is ours.
            Self::Withdraw(withdrawal) => Some(match withdrawal.ground {
                WithdrawalGround::Tax => Status::Withdrawn,
                WithdrawalGround::Inactive
                | WithdrawalGround::NoReport
                | WithdrawalGround::TooFewMembers
                | WithdrawalGround::NoMeeting
                | WithdrawalGround::Other => Status::Closing,
            }),
            Self::DissolveByOrder(_)
            | Self::Divide(_)
            | Self::Consolidate(_)
            | Self::Merge(_)
            | Self::Duplicate(_) => Some(Status::Terminated),
        }
    }

    /// What came of the organisation that it is about, and how.
    pub fn lineage(&self) -> (Option<Way>, &[OrganisationId]) {
        match self {
            Self::Divide(body) => (Some(Way::Divided), &body.into),
            Self::Separate(body) => (Some(Way::Separated), &body.into),
            Self::Consolidate(body) => (Some(Way::Consolidated), std::slice::from_ref(&body.into)),
            Self::Merge(body) => (Some(Way::Merged), std::slice::from_ref(&body.into)),
            Self::Duplicate(body) => (Some(Way::Duplicate), std::slice::from_ref(&body.into)),
            Self::Notify(_)
            | Self::LeaveAddress(_)
            | Self::ReturnToAddress(_)
            | Self::Close(_)
            | Self::DissolveByOrder(_)
            | Self::OpenBankruptcy(_)
            | Self::EndBankruptcy(_)
            | Self::Withdraw(_)
            | Self::Restore(_)
            | Self::Correct(_)
            | Self::Annotate(_) => (None, &[]),
        }
    }
}
