//! Filings by which places change: units that begin, merge, are split, get another name, end; and the decision on which
//! side of a new boundary an organisation's address lies.
//!
//! Each names the document that decided it, and is effective on the first day of the new order: a unit that it ends had its
//! last day the day before.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::FilingKind;
use crate::ids::UnitId;
use crate::unit::{Level, Successor, Unit};

/// One change of the places, by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reform {
    /// See [`FilingKind::UnitCreate`].
    Create(UnitCreate),
    /// See [`FilingKind::UnitMerge`].
    Merge(UnitMerge),
    /// See [`FilingKind::UnitSplit`].
    Split(UnitSplit),
    /// See [`FilingKind::UnitRename`].
    Rename(UnitRename),
    /// See [`FilingKind::UnitAbolish`].
    Abolish(UnitAbolish),
}

/// The document by which something was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its number, as `1672/NQ-UBTVQH15`.
    pub number: String,
    /// The day on which it was issued.
    pub date: Date,
    /// Who issued it.
    pub issuer: String,
}

/// A unit that begins with the filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// Its identity: the code, a point, the year in which it begins.
    pub id: UnitId,
    /// The statistics office's code.
    pub code: String,
    /// Its level.
    pub level: Level,
    /// The name with its type word.
    pub name: String,
    /// The unit it belongs to.
    pub parent: UnitId,
    /// Latitude of its middle, degrees, in ten-thousandths; none where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat_e4: Option<i32>,
    /// Longitude of its middle, degrees, in ten-thousandths; none where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon_e4: Option<i32>,
}

/// A unit begins that follows none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitCreate {
    /// By which document.
    pub decision: Decision,
    /// The unit.
    pub unit: NewUnit,
}

/// Units end and go whole into one, which may begin with the filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitMerge {
    /// By which document.
    pub decision: Decision,
    /// The units that end.
    pub units: Vec<UnitId>,
    /// The unit that follows them.
    pub into: UnitId,
    /// That unit, where it begins with the filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creates: Option<NewUnit>,
}

/// A unit ends and goes in parts into others, which may begin with the filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSplit {
    /// By which document.
    pub decision: Decision,
    /// The unit that ends.
    pub unit: UnitId,
    /// The units that its parts go to.
    pub parts: Vec<Part>,
    /// Those of them that begin with the filing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub creates: Vec<NewUnit>,
}

/// A part of a unit that is split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The unit that it goes to.
    pub unit: UnitId,
    /// Whether organisations go there of which nobody decided otherwise.
    #[serde(default)]
    pub default: bool,
}

/// A unit keeps its code and gets another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRename {
    /// By which document.
    pub decision: Decision,
    /// The unit.
    pub unit: UnitId,
    /// The new name with its type word.
    pub name: String,
}

/// A unit ends and none follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitAbolish {
    /// By which document.
    pub decision: Decision,
    /// The unit.
    pub unit: UnitId,
}

/// An organisation's seat lies, of all the units that follow the one it was filed in or came before it, in this one. That is
/// as true of the days before the filing, since the address did not move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatPlace {
    /// By which document.
    pub decision: Decision,
    /// The unit that was split, or that several units went into.
    pub seat: UnitId,
    /// The one of its successors or predecessors.
    pub unit: UnitId,
}

impl NewUnit {
    /// The identity that a unit of this code has when it begins in this year.
    pub fn id_of(code: &str, year: i16) -> UnitId {
        UnitId::new(format!("{code}.{year}"))
    }

    /// The unit as it stands among all others.
    pub fn begun_on(&self, day: Date) -> Unit {
        Unit {
            id: self.id.clone(),
            code: self.code.clone(),
            level: self.level,
            name: self.name.clone(),
            parent: Some(self.parent.clone()),
            lat_e4: self.lat_e4,
            lon_e4: self.lon_e4,
            valid_from: Some(day),
            valid_to: None,
        }
    }
}

impl Reform {
    /// The kind of filing that carries it.
    pub fn kind(&self) -> FilingKind {
        match self {
            Self::Create(_) => FilingKind::UnitCreate,
            Self::Merge(_) => FilingKind::UnitMerge,
            Self::Split(_) => FilingKind::UnitSplit,
            Self::Rename(_) => FilingKind::UnitRename,
            Self::Abolish(_) => FilingKind::UnitAbolish,
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
            FilingKind::UnitCreate => Self::Create(Deserialize::deserialize(json)?),
            FilingKind::UnitMerge => Self::Merge(Deserialize::deserialize(json)?),
            FilingKind::UnitSplit => Self::Split(Deserialize::deserialize(json)?),
            FilingKind::UnitRename => Self::Rename(Deserialize::deserialize(json)?),
            FilingKind::UnitAbolish => Self::Abolish(Deserialize::deserialize(json)?),
            _ => return Ok(None),
        }))
    }

    /// By which document.
    pub fn decision(&self) -> &Decision {
        match self {
            Self::Create(body) => &body.decision,
            Self::Merge(body) => &body.decision,
            Self::Split(body) => &body.decision,
            Self::Rename(body) => &body.decision,
            Self::Abolish(body) => &body.decision,
        }
    }

    /// The units that begin.
    pub fn creates(&self) -> &[NewUnit] {
        match self {
            Self::Create(body) => std::slice::from_ref(&body.unit),
            Self::Merge(body) => body.creates.as_slice(),
            Self::Split(body) => &body.creates,
            Self::Rename(_) | Self::Abolish(_) => &[],
        }
    }

    /// The units that end.
    pub fn ends(&self) -> &[UnitId] {
        match self {
            Self::Create(_) | Self::Rename(_) => &[],
            Self::Merge(body) => &body.units,
            Self::Split(body) => std::slice::from_ref(&body.unit),
            Self::Abolish(body) => std::slice::from_ref(&body.unit),
        }
    }

    /// Who follows whom.
    pub fn successors(&self) -> Vec<Successor> {
        match self {
            Self::Create(_) | Self::Rename(_) | Self::Abolish(_) => Vec::new(),
            Self::Merge(body) => body
                .units
                .iter()
                .map(|old| Successor {
                    old: old.clone(),
                    new: body.into.clone(),
                    whole: true,
                    default: true,
                })
                .collect(),
            Self::Split(body) => body
                .parts
                .iter()
                .map(|part| Successor {
                    old: body.unit.clone(),
                    new: part.unit.clone(),
                    whole: false,
                    default: part.default,
                })
                .collect(),
        }
    }

    /// Every unit that it names.
    pub fn units(&self) -> Vec<&UnitId> {
        let mut units: Vec<&UnitId> = match self {
            Self::Create(body) => vec![&body.unit.id],
            Self::Merge(body) => body.units.iter().chain([&body.into]).collect(),
            Self::Split(body) => {
                body.parts.iter().map(|part| &part.unit).chain([&body.unit]).collect()
            }
            Self::Rename(body) => vec![&body.unit],
            Self::Abolish(body) => vec![&body.unit],
        };
        units.sort();
        units.dedup();
        units
    }
}
