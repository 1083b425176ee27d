//! Members: who belongs to an organisation, in which class, with which share, since when; and what is known of them.
//!
//! Three things are kept apart. What the law counts by (kind, class, share, days) stands in clear. Who somebody is
//! ([`Identity`]) and what is delicate about them ([`Marks`]) is sealed, each under the member's own key. How many women,
//! people of ethnic minorities or poor households there are is a [`Tally`] of the organisation, which says nothing of any
//! one member. `docs/decisions` tells why.
//!
//! [`spans`] folds what was filed about a roll into what held from when to when; it is the one place that says what a
//! filing does to a roll.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{MemberId, OrganisationId};
use crate::personal_number::Sex;
use crate::seal::{Key, Nonce, Pseudonym, SealError, Sealed};
use crate::text::{Words, fold};

pub mod form;
pub mod mask;

/// Declares an enumeration that is stored and written by a word.
macro_rules! words_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $vi:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it is stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The value that is stored so.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// What people call it.
            pub fn words(self) -> Words {
                match self { $(Self::$variant => Words::new($vi, $en),)* }
            }
        }
    };
}

words_of! {
    /// What a member is [Law 17/2023/QH15, Article 30].
    MemberKind {
        /// Cá nhân.
        Person = "person", "cá nhân", "person";
        /// Hộ gia đình.
        Household = "household", "hộ gia đình", "household";
        /// Tổ chức: a group, another group without legal personality, a legal person.
        Organisation = "organisation", "tổ chức", "organisation";
    }
}

words_of! {
    /// The class of a member [Law 17/2023/QH15, Article 4.16-19].
    MemberClass {
        /// Thành viên chính thức: has a share and uses services, works, or both.
        Official = "official", "chính thức", "official";
        /// Thành viên liên kết góp vốn.
        CapitalAssociate = "capital_associate", "liên kết góp vốn", "associated with capital";
        /// Thành viên liên kết không góp vốn.
        Associate = "associate", "liên kết không góp vốn", "associated without capital";
    }
}

words_of! {
    /// Why a membership ended.
    LeaveCause {
        /// Of their own will.
        Resigned = "resigned", "tự nguyện ra khỏi tổ chức", "resigned";
        /// Died, or ceased to exist.
        Ended = "ended", "chết hoặc chấm dứt tồn tại", "died or ceased to exist";
        /// Excluded by the organisation.
        Excluded = "excluded", "bị khai trừ", "excluded";
        /// No longer fulfils the conditions.
        Unqualified = "unqualified", "không còn đủ điều kiện", "no longer qualified";
        /// Gave the whole share away.
        Transferred = "transferred", "chuyển nhượng toàn bộ phần vốn góp", "transferred the whole share";
        /// For another reason.
        Other = "other", "lý do khác", "another reason";
    }
}

words_of! {
    /// How poor a household is, as its commune has recognised it.
    Hardship {
        /// Hộ nghèo.
        Poor = "poor", "hộ nghèo", "poor";
        /// Hộ cận nghèo.
        NearPoor = "near_poor", "hộ cận nghèo", "near poor";
        /// Neither.
        None = "none", "không thuộc hộ nghèo, cận nghèo", "neither poor nor near poor";
    }
}

/// The majority. Everybody else on [`ETHNIC_GROUPS`] is of a minority.
pub const MAJORITY: &str = "Kinh";

/// The ethnic groups of Viet Nam by their usual names. The list is closed, so that what is counted in clear can hold nothing
/// that somebody typed.
pub const ETHNIC_GROUPS: [&str; 54] = [
    MAJORITY,
    "Tày",
    "Thái",
    "Hoa",
    "Khmer",
    "Mường",
    "Nùng",
    "Mông",
    "Dao",
    "Gia Rai",
    "Ngái",
    "Ê Đê",
    "Ba Na",
    "Xơ Đăng",
    "Sán Chay",
    "Cơ Ho",
    "Chăm",
    "Sán Dìu",
    "Hrê",
    "Mnông",
    "Raglay",
    "Xtiêng",
    "Bru Vân Kiều",
    "Thổ",
    "Giáy",
    "Cơ Tu",
    "Giẻ Triêng",
    "Mạ",
    "Khơ Mú",
    "Co",
    "Tà Ôi",
    "Chơ Ro",
    "Kháng",
    "Xinh Mun",
    "Hà Nhì",
    "Chu Ru",
    "Lào",
    "La Chí",
    "La Ha",
    "Phù Lá",
    "La Hủ",
    "Lự",
    "Lô Lô",
    "Chứt",
    "Mảng",
    "Pà Thẻn",
    "Cơ Lao",
    "Cống",
    "Bố Y",
    "Si La",
    "Pu Péo",
    "Brâu",
    "Ơ Đu",
    "Rơ Măm",
];

/// The ethnic group that is written so, whatever the case, the marks and the hyphens.
///
/// ```
/// use hoptac_model::member::ethnic_group;
/// assert_eq!(ethnic_group("tày"), Some("Tày"));
/// assert_eq!(ethnic_group("Bru-Vân Kiều"), Some("Bru Vân Kiều"));
/// assert_eq!(ethnic_group("Nguyễn Văn A"), None);
/// ```
pub fn ethnic_group(written: &str) -> Option<&'static str> {
    let wanted = written.replace('-', " ");
    let same = |name: &&&str| name.to_lowercase() == wanted.to_lowercase();
    let exact = ETHNIC_GROUPS.iter().find(same).copied();
    // Without marks two names can fold to the same letters; then nobody guesses.
    let folded = fold(&wanted);
    let mut alike = ETHNIC_GROUPS.iter().copied().filter(|name| fold(name) == folded);
    exact.or_else(|| alike.next().filter(|_| alike.next().is_none()))
}

/// Who a member is: what is sealed. It is never printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name: of the person, of the one who stands for the household, of the organisation.
    pub name: String,
    /// The personal number, or an organisation's tax code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Date>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// What is delicate about a member and only ever counted. Sealed apart from who it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Man or woman.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The ethnic group, one of [`ETHNIC_GROUPS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<String>,
    /// How poor the household is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardship: Option<Hardship>,
    /// Whether the person is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

impl Marks {
    /// Whether nothing was stated.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marks(…)")
    }
}

/// Declares the counts of a tally.
macro_rules! tally {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// How many members of an organisation have which marks, or by how much a filing changes that. What was not stated
        /// counts nowhere, so that the counts of a pair say of how many it was stated at all.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Tally {
            $($(#[$doc])* #[serde(default, skip_serializing_if = "is_zero")] pub $name: i64,)*
            /// Members by ethnic group.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            pub groups: BTreeMap<String, i64>,
        }

        impl AddAssign<&Tally> for Tally {
            fn add_assign(&mut self, other: &Tally) {
                $(self.$name += other.$name;)*
                for (group, count) in &other.groups {
                    let sum = self.groups.entry(group.clone()).or_default();
                    *sum += count;
                    if *sum == 0 {
                        self.groups.remove(group);
                    }
                }
            }
        }

        impl Tally {
            /// The same with every count turned around.
            #[must_use]
            pub fn negated(&self) -> Self {
                Self {
                    $($name: -self.$name,)*
                    groups: self.groups.iter().map(|(group, count)| (group.clone(), -count)).collect(),
                }
            }

            /// Its counts with their names, those by ethnic group left out.
            pub fn counts(&self) -> Vec<(&'static str, i64)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

tally! {
    /// Women.
    women,
    /// Men.
    men,
    /// Of an ethnic minority.
    minority,
    /// Of the majority.
    majority,
    /// Poor.
    poor,
    /// Near poor.
    near_poor,
    /// Neither.
    not_poor,
    /// Disabled.
    disabled,
    /// Not disabled.
    not_disabled,
}

/// Whether a count is nothing to write.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how it is asked for")]
fn is_zero(count: &i64) -> bool {
    *count == 0
}

impl Tally {
    /// The tally of one member.
    pub fn of(marks: &Marks) -> Self {
        let mut tally = Self::default();
        match marks.sex {
            Some(Sex::Female) => tally.women = 1,
            Some(Sex::Male) => tally.men = 1,
            None => {}
        }
        if let Some(group) = &marks.ethnicity {
            if group == MAJORITY {
                tally.majority = 1;
            } else {
                tally.minority = 1;
            }
            tally.groups.insert(group.clone(), 1);
        }
        match marks.hardship {
            Some(Hardship::Poor) => tally.poor = 1,
            Some(Hardship::NearPoor) => tally.near_poor = 1,
            Some(Hardship::None) => tally.not_poor = 1,
            None => {}
        }
        match marks.disabled {
            Some(true) => tally.disabled = 1,
            Some(false) => tally.not_disabled = 1,
            None => {}
        }
        tally
    }

    /// Whether it changes nothing.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a count is below zero, which no roll can have.
    pub fn has_negative(&self) -> bool {
        self.counts().iter().any(|(_, count)| *count < 0) || self.groups.values().any(|n| *n < 0)
    }
}

/// Where the sealed things of a member belong; they open nowhere else.
pub fn place_of(organisation: OrganisationId, member: MemberId, what: &str) -> String {
    format!("member/{organisation}/{member}/{what}")
}

/// Whose a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyHolder {
    /// The one key of all pseudonyms.
    Pseudonyms,
    /// An organisation's own.
    Organisation(OrganisationId),
    /// A member's, on the roll of an organisation.
    Member(OrganisationId, MemberId),
}

impl KeyHolder {
    /// The place that the key is wrapped for.
    pub fn place(self) -> String {
        match self {
            Self::Pseudonyms => "pseudonyms".to_owned(),
            Self::Organisation(organisation) => format!("organisation/{organisation}"),
            Self::Member(organisation, member) => {
                format!("organisation/{organisation}/member/{member}")
            }
        }
    }
}

/// A key as it is kept: wrapped under another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// Whose it is.
    pub holder: KeyHolder,
    /// The key, wrapped.
    pub wrapped: Sealed,
}

impl HeldKey {
    /// Wraps a key for its holder.
    pub fn new(holder: KeyHolder, key: &Key, under: &Key, nonce: Nonce) -> Self {
        Self { holder, wrapped: key.wrapped(under, nonce, &holder.place()) }
    }

    /// The key itself.
    pub fn open(&self, under: &Key) -> Result<Key, SealError> {
        Key::unwrapped(&self.wrapped, under, &self.holder.place())
    }
}

/// A member's own key, with what is needed to seal with it.
#[derive(Debug)]
pub struct Sealing<'k> {
    /// Whose roll.
    pub organisation: OrganisationId,
    /// Which member.
    pub member: MemberId,
    /// The member's key.
    pub key: &'k Key,
}

/// How far a sealed text is filled up, so that its length does not tell the length of a name.
const PADDING: usize = 64;

impl Sealing<'_> {
    /// Seals who a member is.
    pub fn identity(&self, identity: &Identity, nonce: Nonce) -> Sealed {
        self.seal(identity, "identity", nonce)
    }

    /// Seals what is delicate about a member.
    pub fn marks(&self, marks: &Marks, nonce: Nonce) -> Sealed {
        self.seal(marks, "marks", nonce)
    }

    /// Opens who a member is.
    pub fn open_identity(&self, sealed: &Sealed) -> Result<Identity, SealError> {
        self.open(sealed, "identity")
    }

    /// Opens what is delicate about a member.
    pub fn open_marks(&self, sealed: &Sealed) -> Result<Marks, SealError> {
        self.open(sealed, "marks")
    }

    fn seal(&self, value: &impl Serialize, what: &str, nonce: Nonce) -> Sealed {
        let mut plain = serde_json::to_vec(value).expect("texts and days are always JSON");
        // JSON may end in blanks.
        plain.resize(plain.len().next_multiple_of(PADDING), b' ');
        Sealed::new(self.key, nonce, &place_of(self.organisation, self.member, what), &plain)
    }

    fn open<T: for<'a> Deserialize<'a>>(
        &self,
        sealed: &Sealed,
        what: &str,
    ) -> Result<T, SealError> {
        let plain = sealed.open(self.key, &place_of(self.organisation, self.member, what))?;
        // What does not read is not quoted.
        serde_json::from_slice(&plain).map_err(|_| SealError::Broken)
    }
}

/// The pseudonym of a member by the number it has; none without one. A household counts by the one who stands for it, and is
/// never taken for that person.
pub fn pseudonym(key: &Key, kind: MemberKind, number: Option<&str>) -> Option<Pseudonym> {
    let plain: String = number?.chars().filter(char::is_ascii_alphanumeric).collect();
    (!plain.is_empty()).then(|| key.pseudonym(&format!("{}/{plain}", kind.code())))
}

/// One thing that a filing does to one member of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEvent {
    /// The member.
    pub member: MemberId,
    /// From when it holds.
    pub on: Date,
    /// The ledger position of the filing.
    pub position: u64,
    /// Its number among those of the filing.
    pub number: u32,
    /// What happens.
    pub what: What,
}

/// What happens to a member of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Enters the roll.
    Enter(Entry),
    /// Something of the entry changes; what is absent stays.
    Change(EntryChange),
    /// The share grows, or shrinks where it is below zero, by so many đồng.
    Share(i64),
    /// Leaves the roll. The first day without the member.
    Leave(LeaveCause),
}

/// A member as it stands on a roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The member's identity on this roll.
    pub member: MemberId,
    /// What it is.
    pub kind: MemberKind,
    /// Its class.
    pub class: MemberClass,
    /// Its share in đồng.
    pub capital: i64,
    /// Since when it is a member, where that is before the day of the filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Date>,
    /// Whether it is foreign, where that was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<bool>,
    /// What stands for its number; none where no number was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonym: Option<Pseudonym>,
    /// Who it is, sealed.
    pub identity: Sealed,
    /// What is delicate about it, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<Sealed>,
}

/// What changes of an entry; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryChange {
    /// A new class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<MemberClass>,
    /// A new share in đồng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<i64>,
    /// Whether it is foreign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<bool>,
    /// What stands for a new number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonym: Option<Pseudonym>,
    /// Who it is, sealed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Sealed>,
    /// What is delicate about it, sealed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<Sealed>,
}

impl Entry {
    /// The entry with what changes.
    fn changed(&mut self, change: &EntryChange) {
        let EntryChange { class, capital, foreign, pseudonym, identity, marks } = change.clone();
        self.class = class.unwrap_or(self.class);
        self.capital = capital.unwrap_or(self.capital);
        self.foreign = foreign.or(self.foreign);
        self.pseudonym = pseudonym.or(self.pseudonym.take());
        self.identity = identity.unwrap_or_else(|| self.identity.clone());
        self.marks = marks.or(self.marks.take());
    }
}

/// What stood on a roll about a member from a day on, until another day or for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The entry.
    pub entry: Entry,
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds; none while it does.
    pub until: Option<Date>,
    /// Why the membership ended, where this is its last span.
    pub left: Option<LeaveCause>,
    /// The ledger position that it is told by.
    pub position: u64,
}

impl Span {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// What of a roll does not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is on the roll already, or was before; whoever comes back gets a new entry.
    EntersTwice,
    /// It is not on the roll on that day.
    NotOnRoll,
    /// The share would fall below zero.
    ShareBelowZero,
}

impl Entry {
    /// Who it stands for across rolls: its pseudonym, and its own number where it has none.
    pub fn who(&self) -> String {
        let own = || self.member.to_string();
        self.pseudonym.clone().map_or_else(own, String::from)
    }
}

impl MemberEvent {
    /// Who the member is from then on, as [`Entry::who`] tells it; none where that stays as it was.
    pub fn who(&self) -> Option<String> {
        match &self.what {
            What::Enter(entry) => Some(entry.who()),
            What::Change(change) => change.pseudonym.clone().map(String::from),
            What::Share(_) | What::Leave(_) => None,
        }
    }
}

/// Folds the events of one roll, in any order: what held from when to when, by member and day, and the events that do not
/// fit, which change nothing.
pub fn spans(events: &[MemberEvent]) -> (Vec<Span>, Vec<(MemberEvent, Misfit)>) {
    let mut order: Vec<&MemberEvent> = events.iter().collect();
    order.sort_by_key(|event| (event.on, event.position, event.number));
    let mut lives: BTreeMap<MemberId, Vec<Span>> = BTreeMap::new();
    let mut misfits = Vec::new();
    for event in order {
        let life = lives.entry(event.member).or_default();
        let fresh = life.is_empty();
        let now = life.last_mut().filter(|span| span.until.is_none());
        match (&event.what, now) {
            (What::Enter(entry), None) if fresh => life.push(Span {
                entry: entry.clone(),
                from: event.on,
                until: None,
                left: None,
                position: event.position,
            }),
            (What::Enter(_), _) => misfits.push((event.clone(), Misfit::EntersTwice)),
            (What::Change(_) | What::Share(_) | What::Leave(_), None) => {
                misfits.push((event.clone(), Misfit::NotOnRoll));
            }
            (What::Leave(cause), Some(now)) => {
                now.until = Some(event.on);
                now.left = Some(*cause);
            }
            (What::Change(change), Some(now)) => {
                let mut next = Span { from: event.on, position: event.position, ..now.clone() };
                next.entry.changed(change);
                turn(life, next);
            }
            (What::Share(by), Some(now)) => {
                let mut next = Span { from: event.on, position: event.position, ..now.clone() };
                match next.entry.capital.checked_add(*by).filter(|capital| *capital >= 0) {
                    Some(capital) => {
                        next.entry.capital = capital;
                        turn(life, next);
                    }
                    None => misfits.push((event.clone(), Misfit::ShareBelowZero)),
                }
            }
        }
    }
    // A span of no day held never.
    let held = lives.into_values().flatten().filter(|span| span.until != Some(span.from));
    (held.collect(), misfits)
}

/// Ends the span that holds and begins the next one.
fn turn(life: &mut Vec<Span>, next: Span) {
    if let Some(now) = life.last_mut() {
        now.until = Some(next.from);
    }
    life.push(next);
}

/// The totals of a roll on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All members.
    pub members: i64,
    /// Official members.
    pub official: i64,
    /// Associated members with capital.
    pub capital_associates: i64,
    /// Associated members without capital.
    pub associates: i64,
    /// Persons.
    pub persons: i64,
    /// Households.
    pub households: i64,
    /// Organisations.
    pub organisations: i64,
    /// Official members of whom it was stated that they are foreign.
    pub foreign_official: i64,
    /// The shares together, đồng.
    pub capital: i64,
}

impl Totals {
    /// The totals of some entries.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut totals = Self::default();
        for entry in entries {
            totals.members += 1;
            match entry.class {
                MemberClass::Official => totals.official += 1,
                MemberClass::CapitalAssociate => totals.capital_associates += 1,
                MemberClass::Associate => totals.associates += 1,
            }
            match entry.kind {
                MemberKind::Person => totals.persons += 1,
                MemberKind::Household => totals.households += 1,
                MemberKind::Organisation => totals.organisations += 1,
            }
            if entry.foreign == Some(true) && entry.class == MemberClass::Official {
                totals.foreign_official += 1;
            }
            totals.capital = totals.capital.saturating_add(entry.capital);
        }
        totals
    }
}

#[cfg(test)]
mod tests;
