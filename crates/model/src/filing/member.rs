//! Filings about the roll of an organisation's members. What is personal in them is sealed; what is delicate is told in the
//! tally of the whole filing, not member by member.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;
use crate::ids::{FilingId, MemberId};
use crate::member::{Entry, EntryChange, LeaveCause, MemberEvent, Tally, What};

/// What happens to a roll.
#[derive(Clone, Debug, PartialEq)]
pub enum Membership {
    /// See [`FilingKind::MemberRoll`].
    Roll(MemberRoll),
    /// See [`FilingKind::MemberJoin`].
    Join(MemberJoin),
    /// See [`FilingKind::MemberChange`].
    Change(MemberChange),
    /// See [`FilingKind::MemberLeave`].
    Leave(MemberLeave),
    /// See [`FilingKind::MemberTransfer`].
    Transfer(MemberTransfer),
    /// See [`FilingKind::MemberStrike`].
    Strike(MemberStrike),
    /// See [`FilingKind::MemberErase`].
    Erase(MemberErase),
    /// See [`FilingKind::MemberDisclose`].
    Disclose(MemberDisclose),
}

/// A whole roll is taken over, as it stands on the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRoll {
    /// The members.
    pub members: Vec<Entry>,
    /// What they come to.
    #[serde(default, skip_serializing_if = "Tally::is_zero")]
    pub tally: Tally,
}

/// A member joins on the filing's effective day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberJoin {
    /// The member.
    pub member: Entry,
    /// By how much the counts grow.
    #[serde(default, skip_serializing_if = "Tally::is_zero")]
    pub tally: Tally,
}

/// Something of a member's entry changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// The member.
    pub member: MemberId,
    /// What changes.
    pub change: EntryChange,
    /// By how much the counts change.
    #[serde(default, skip_serializing_if = "Tally::is_zero")]
    pub tally: Tally,
}

/// A member leaves. The effective day is the first without the member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberLeave {
    /// The member.
    pub member: MemberId,
    /// Why.
    pub cause: LeaveCause,
    /// By how much the counts change.
    #[serde(default, skip_serializing_if = "Tally::is_zero")]
    pub tally: Tally,
}

/// A share, or part of one, goes from one member to another, who may enter the roll by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberTransfer {
    /// Who gives.
    pub from: MemberId,
    /// Who receives.
    pub to: MemberId,
    /// How much, đồng.
    pub amount: i64,
    /// The entry of who receives, where it enters the roll by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enters: Option<Entry>,
    /// Whether who gives leaves the roll by it.
    #[serde(default)]
    pub leaves: bool,
    /// By how much the counts change.
    #[serde(default, skip_serializing_if = "Tally::is_zero")]
    pub tally: Tally,
}

/// An earlier filing about the roll was wrong and is taken back: of every day the roll is as if it had not been filed. What
/// was right is filed anew. As known on an earlier day it still counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberStrike {
    /// Which filing.
    pub filing: FilingId,
    /// What was wrong with it, in a few words without names.
    pub reason: String,
}

/// On which ground personal data are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseGround {
    /// The purpose of keeping them has ended.
    PurposeEnded,
    /// The person asks for it.
    Request,
    /// An authority or a court has decided it.
    Order,
}

impl EraseGround {
    /// All grounds.
    pub const ALL: [Self; 3] = [Self::PurposeEnded, Self::Request, Self::Order];

    /// The ground as it is written.
    pub fn code(self) -> &'static str {
        match self {
            Self::PurposeEnded => "purpose_ended",
            Self::Request => "request",
            Self::Order => "order",
        }
    }

    /// The ground that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// The keys of some members, or of the whole organisation, are destroyed with this filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberErase {
    /// Whose keys; absent where it is the organisation's own key and with it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<MemberId>>,
    /// On which ground.
    pub ground: EraseGround,
    /// The document that it rests on, or why, in a few words without names.
    pub reason: String,
}

/// How personal data are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscloseWay {
    /// Shown on a screen.
    Unmask,
    /// Written to a file.
    Export,
}

/// Personal data are read: who reads stands in the filing, what was read does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberDisclose {
    /// Whose; absent where it is the whole roll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<MemberId>>,
    /// How.
    pub way: DiscloseWay,
    /// For which purpose, in a few words without names.
    pub purpose: String,
}

impl Membership {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Roll(_) => FilingKind::MemberRoll,
            Self::Join(_) => FilingKind::MemberJoin,
            Self::Change(_) => FilingKind::MemberChange,
            Self::Leave(_) => FilingKind::MemberLeave,
            Self::Transfer(_) => FilingKind::MemberTransfer,
            Self::Strike(_) => FilingKind::MemberStrike,
            Self::Erase(_) => FilingKind::MemberErase,
            Self::Disclose(_) => FilingKind::MemberDisclose,
        }
    }

    /// Reads the body of a kind; none where the kind is another one's.
    pub(crate) fn read<'de, D: Deserializer<'de>>(
        kind: FilingKind,
        json: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Some(if kind == FilingKind::MemberRoll {
            Self::Roll(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberJoin {
            Self::Join(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberChange {
            Self::Change(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberLeave {
            Self::Leave(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberTransfer {
            Self::Transfer(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberStrike {
            Self::Strike(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberErase {
            Self::Erase(Deserialize::deserialize(json)?)
        } else if kind == FilingKind::MemberDisclose {
            Self::Disclose(Deserialize::deserialize(json)?)
        } else {
            return Ok(None);
        }))
    }

    /// The entries that are new with it.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Roll(body) => &body.members,
            Self::Join(body) => std::slice::from_ref(&body.member),
            Self::Transfer(body) => body.enters.as_slice(),
            Self::Change(_)
            | Self::Leave(_)
            | Self::Strike(_)
            | Self::Erase(_)
            | Self::Disclose(_) => &[],
        }
    }

    /// By how much it changes the counts of the roll.
    pub fn tally(&self) -> Option<&Tally> {
        match self {
            Self::Roll(body) => Some(&body.tally),
            Self::Join(body) => Some(&body.tally),
            Self::Change(body) => Some(&body.tally),
            Self::Leave(body) => Some(&body.tally),
            Self::Transfer(body) => Some(&body.tally),
            Self::Strike(_) | Self::Erase(_) | Self::Disclose(_) => None,
        }
    }

    /// What it does to the roll, from a day on, at a position of the ledger.
    pub fn events(&self, on: Date, position: u64) -> Vec<MemberEvent> {
        let happened: Vec<(MemberId, What)> = match self {
            Self::Roll(_) | Self::Join(_) => {
                let enter = |entry: &Entry| (entry.member, What::Enter(entry.clone()));
                self.entries().iter().map(enter).collect()
            }
            Self::Change(body) => vec![(body.member, What::Change(body.change.clone()))],
            Self::Leave(body) => vec![(body.member, What::Leave(body.cause))],
            Self::Transfer(body) => {
                let mut all = vec![(body.from, What::Share(body.amount.saturating_neg()))];
                match &body.enters {
                    // Whoever enters by the transfer has what it brings.
                    Some(entry) => all.push((
                        entry.member,
                        What::Enter(Entry { capital: body.amount, ..entry.clone() }),
                    )),
                    None => all.push((body.to, What::Share(body.amount))),
                }
                if body.leaves {
                    all.push((body.from, What::Leave(LeaveCause::Transferred)));
                }
                all
            }
            Self::Strike(_) | Self::Erase(_) | Self::Disclose(_) => Vec::new(),
        };
        let numbered = (0..).zip(happened);
        numbered
            .map(|(number, (member, what))| MemberEvent { member, on, position, number, what })
            .collect()
    }
}
