//! Identities: each noun has its own type, so that a filing's id is never taken for an organisation's.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Declares an identity that is a UUID version 7, made at the edge and handed down.
macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The identity of nothing, where nothing is ever filed.
            pub const NIL: Self = Self(Uuid::nil());
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// An accepted filing of the ledger.
    FilingId
}
uuid_id! {
    /// A cooperative group, cooperative or union, for its whole life. The registration code may come later or never
    /// (a group of before 2024 need not have one), so it is not the identity.
    OrganisationId
}

uuid_id! {
    /// A member on the roll of one organisation. It says nothing of who that is; whoever is a member twice has two.
    MemberId
}

uuid_id! {
    /// An import: a spreadsheet that was taken over.
    ImportId
}

/// Declares an identity that is a word given by people: in a pack, or by the statistics office.
macro_rules! word_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Arc<str>);

        impl $name {
            /// The identity written as `text`.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The identity as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::new)
            }
        }
    };
}

word_id! {
    /// A target of the plan, as `T30-01`.
    TargetId
}
word_id! {
    /// An indicator, or a published series, as `groups`.
    IndicatorId
}
word_id! {
    /// A unit of the administrative tree over one span of validity: `20`, `178`, `05971`, or `05977.2025` where the
    /// statistics office gave an old code to a unit that began on 1 July 2025.
    UnitId
}
