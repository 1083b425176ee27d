//! Accounts: who signs in, as what, for which part of the province, and on whose behalf.
//!
//! What an account may do follows from filings alone: it is invited, given roles within a scope, allowed to sign for
//! another, locked and closed. Passwords and sessions are not here and never in the ledger.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::filing::reform::Decision;
use crate::ids::{OrganisationId, UnitId};
use crate::organisation::Sector;
use crate::register::SeatDecision;
use crate::text::Words;
use crate::unit::Places;

/// The name of an account: of an office or a user, as `so-nnmt.quan-tri`. Never a person's full name, because it stands
/// in the ledger for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountName(pub String);

impl AccountName {
    /// The fewest characters of a name.
    pub const SHORTEST: usize = 3;
    /// The most characters of a name.
    pub const LONGEST: usize = 40;

    /// Reads a name as it was typed: capital letters and blanks around it do not matter.
    ///
    /// ```
    /// use hoptac_model::account::AccountName;
    /// assert_eq!(AccountName::parse(" So-NNMT.01 ").unwrap().as_str(), "so-nnmt.01");
    /// assert_eq!(AccountName::parse("sở nông nghiệp"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let name = Self(text.trim().to_ascii_lowercase());
        name.is_well_formed().then_some(name)
    }

    /// Whether it is written as names are: small letters and digits, with single points, dashes or underscores between.
    pub fn is_well_formed(&self) -> bool {
        let text = self.0.as_str();
        let joint = |c: char| matches!(c, '.' | '-' | '_');
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || joint(c);
        (Self::SHORTEST..=Self::LONGEST).contains(&text.len())
            && text.chars().all(fits)
            && !text.starts_with(joint)
            && !text.ends_with(joint)
            && !text.chars().zip(text.chars().skip(1)).any(|(a, b)| joint(a) && joint(b))
    }

    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for AccountName {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What somebody is to the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the instance: sets it up, takes over packs and whole registers.
    Operator,
    /// The lead department, whose plan it is.
    PlanOwner,
    /// A department that confirms what the plan counts: chains, products, technology, grades.
    DepartmentOfficer,
    /// Registers organisations and accepts their returns.
    Registrar,
    /// An organisation itself. It hands its papers in; a registrar accepts them.
    Cooperative,
    /// Reads where the plan stands.
    Leader,
    /// Follows every figure to its filings.
    Auditor,
    /// Anybody.
    Public,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 8] = [
        Self::Operator,
        Self::PlanOwner,
        Self::DepartmentOfficer,
        Self::Registrar,
        Self::Cooperative,
        Self::Leader,
        Self::Auditor,
        Self::Public,
    ];

    /// The role as it is written in settings.
    pub fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::PlanOwner => "plan_owner",
            Self::DepartmentOfficer => "department_officer",
            Self::Registrar => "registrar",
            Self::Cooperative => "cooperative",
            Self::Leader => "leader",
            Self::Auditor => "auditor",
            Self::Public => "public",
        }
    }

    /// The role that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Operator => Words::new("quản trị vận hành", "operator"),
            Self::PlanOwner => Words::new("cơ quan chủ trì kế hoạch", "plan owner"),
            Self::DepartmentOfficer => Words::new("cán bộ sở, ngành", "department officer"),
            Self::Registrar => Words::new("cán bộ đăng ký", "registrar"),
            Self::Cooperative => Words::new("tổ chức kinh tế tập thể", "organisation"),
            Self::Leader => Words::new("lãnh đạo", "leader"),
            Self::Auditor => Words::new("thanh tra, kiểm toán", "auditor"),
            Self::Public => Words::new("công chúng", "public"),
        }
    }

    /// What bounds the role.
    pub fn bound(self) -> Bound {
        match self {
            Self::Registrar => Bound::Territory,
            Self::DepartmentOfficer => Bound::Agency,
            Self::Cooperative => Bound::Own,
            Self::Operator | Self::PlanOwner | Self::Leader | Self::Auditor | Self::Public => {
                Bound::Nothing
            }
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

/// What a role is bounded by: the part of the scope that a grant of it must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// The whole province.
    Nothing,
    /// A territory.
    Territory,
    /// An agency of the plan.
    Agency,
    /// One organisation.
    Own,
}

impl Bound {
    /// The word in the table of authority.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "all",
            Self::Territory => "territory",
            Self::Agency => "agency",
            Self::Own => "own",
        }
    }
}

/// For which part a role is given. Whatever is absent does not bound; what is there bounds together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// A unit with everything below it. A unit that has ended still bounds, by its own last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<UnitId>,
    /// A sector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// An agency, as the plan names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// One organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}

/// What of an organisation decides whether it lies within a scope.
#[derive(Clone, Copy, Debug)]
pub struct Standpoint<'a> {
    /// The organisation; none while it is only being founded.
    pub organisation: Option<OrganisationId>,
    /// Its seat, as filed.
    pub seat: &'a UnitId,
    /// The former commune of its seat, where filed.
    pub seat_former: Option<&'a UnitId>,
    /// What was decided about its seat.
    pub decided: &'a [SeatDecision],
    /// The sector it counts in.
    pub sector: Sector,
}

impl Scope {
    /// Everything.
    pub const ALL: Self = Self { territory: None, sector: None, agency: None, organisation: None };

    /// A unit with everything below it.
    pub fn territory(unit: impl Into<UnitId>) -> Self {
        Self { territory: Some(unit.into()), ..Self::ALL }
    }

    /// One organisation.
    pub fn organisation(id: OrganisationId) -> Self {
        Self { organisation: Some(id), ..Self::ALL }
    }

    /// Whether it bounds which organisations are meant.
    pub fn is_all(&self) -> bool {
        self.territory.is_none() && self.sector.is_none() && self.organisation.is_none()
    }

    /// Whether an organisation lies within it on a day.
    ///
    /// A unit that ended before the day keeps what lay on its ground on its last day, found as every figure by former
    /// places is: by the succession of the units, the former commune that a filing names, and decisions about seats.
    /// Where these leave no answer, it keeps nothing.
    pub fn covers(&self, places: &Places, at: &Standpoint<'_>, day: Date) -> bool {
        self.organisation.is_none_or(|own| at.organisation == Some(own))
            && self.sector.is_none_or(|sector| sector == at.sector)
            && self.territory.as_ref().is_none_or(|territory| {
                let Some(unit) = places.get(territory) else { return false };
                let geography = places.geography_for(unit, day);
                let placing = places.placing(at.seat, at.seat_former, at.decided, geography);
                placing.unit().is_some_and(|commune| {
                    places.ancestry(&commune.id).iter().any(|above| above.id == *territory)
                })
            })
    }

    /// Whether everything of another scope lies within it: nobody gives more than they have.
    pub fn holds(&self, other: &Self, places: &Places) -> bool {
        let same = |mine: &Option<String>, theirs: &Option<String>| {
            mine.is_none() || mine.as_ref() == theirs.as_ref()
        };
        (self.organisation.is_none() || self.organisation == other.organisation)
            && (self.sector.is_none() || self.sector == other.sector)
            && same(&self.agency, &other.agency)
            && self.territory.as_ref().is_none_or(|mine| {
                other.territory.as_ref().is_some_and(|theirs| {
                    places.ancestry(theirs).iter().any(|above| above.id == *mine)
                })
            })
    }
}

/// A role within a scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// For which part.
    #[serde(default)]
    pub scope: Scope,
}

/// How somebody signs for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignsFor {
    /// On behalf of a body that decides together: thay mặt.
    Tm,
    /// In place of its head, as deputy: ký thay.
    Kt,
    /// By order of its head: thừa lệnh.
    Tl,
    /// By written authority of its head: thừa ủy quyền.
    Tuq,
}

impl SignsFor {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::Tm, Self::Kt, Self::Tl, Self::Tuq];

    /// The form as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tm => "tm",
            Self::Kt => "kt",
            Self::Tl => "tl",
            Self::Tuq => "tuq",
        }
    }

    /// The form that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    /// The letters before the office on paper.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Tm => "TM.",
            Self::Kt => "KT.",
            Self::Tl => "TL.",
            Self::Tuq => "TUQ.",
        }
    }

    /// What it means.
    pub fn words(self) -> Words {
        match self {
            Self::Tm => Words::new("ký thay mặt tập thể", "on behalf of the body"),
            Self::Kt => Words::new("ký thay người đứng đầu", "for the head, as deputy"),
            Self::Tl => Words::new("ký thừa lệnh", "by order of the head"),
            Self::Tuq => Words::new("ký thừa ủy quyền", "by written authority of the head"),
        }
    }
}

/// Where an account is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountState {
    /// Invited; nobody has taken it up yet.
    Invited,
    /// In use.
    Active,
    /// Locked by an administrator.
    Locked,
    /// Closed for good.
    Closed,
}

impl AccountState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Locked, Self::Closed];

    /// The state as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Closed => "closed",
        }
    }

    /// The state that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Invited => Words::new("đã mời, chưa nhận", "invited"),
            Self::Active => Words::new("đang dùng", "active"),
            Self::Locked => Words::new("đang khóa", "locked"),
            Self::Closed => Words::new("đã đóng", "closed"),
        }
    }
}

/// A grant with its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantOnFile {
    /// What is granted.
    pub grant: Grant,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    pub to: Option<Date>,
    /// The filing that granted it.
    pub position: u64,
}

/// A delegation with its days: the account signs for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationOnFile {
    /// Who is signed for.
    pub of: AccountName,
    /// How.
    pub form: SignsFor,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// By which document.
    pub decision: Decision,
    /// The filing that delegated.
    pub position: u64,
}

/// An account as the filings about it have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// What is shown for it: the office or post.
    pub title: String,
    /// Where it is in its life.
    pub state: AccountState,
    /// The day on which it was invited.
    pub invited_on: Date,
    /// How many filings there are about it.
    pub version: u32,
    /// Everything that was ever granted.
    pub grants: Vec<GrantOnFile>,
    /// Everything that was ever delegated to it.
    pub delegations: Vec<DelegationOnFile>,
}

impl Account {
    /// Whether somebody can act with it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AccountState::Invited | AccountState::Active)
    }

    /// What it has on a day.
    pub fn grants_on(&self, day: Date) -> impl Iterator<Item = &Grant> {
        self.grants
            .iter()
            .filter(move |grant| in_force(grant.from, grant.to, day))
            .map(|grant| &grant.grant)
    }

    /// For whom it signs on a day.
    pub fn delegations_on(&self, day: Date) -> impl Iterator<Item = &DelegationOnFile> {
        self.delegations
            .iter()
            .filter(move |delegation| in_force(delegation.from, Some(delegation.to), day))
    }
}

fn in_force(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Level, Successor, Unit};

    const LAST: Date = Date::constant(2025, 6, 30);
    const AFTER: Date = Date::constant(2025, 7, 1);

    /// Districts 178 and 180 with a commune each, which both go into one new commune; a third commune of 180 is split.
    fn places() -> Places {
        let unit = |id: &str, level, parent: Option<&str>, ends: bool, begins: bool| Unit {
            id: id.into(),
            code: id.split('.').next().unwrap_or(id).to_owned(),
            level,
            name: id.to_owned(),
            parent: parent.map(UnitId::from),
            lat_e4: None,
            lon_e4: None,
            valid_from: begins.then_some(AFTER),
            valid_to: ends.then_some(LAST),
        };
        let next = |old: &str, new: &str| Successor {
            old: old.into(),
            new: new.into(),
            whole: true,
            default: true,
        };
        Places::new(
            [
                unit("20", Level::Province, None, false, false),
                unit("178", Level::District, Some("20"), true, false),
                unit("180", Level::District, Some("20"), true, false),
                unit("05971", Level::Commune, Some("178"), true, false),
                unit("06001", Level::Commune, Some("180"), true, false),
                unit("05971.2025", Level::Commune, Some("20"), false, true),
            ],
            vec![next("05971", "05971.2025"), next("06001", "05971.2025")],
        )
    }

    #[track_caller]
    fn check(territory: &str, seat: &str, former: Option<&str>, day: Date, want: bool) {
        let (seat, former) = (UnitId::from(seat), former.map(UnitId::from));
        let at = Standpoint {
            organisation: None,
            seat: &seat,
            seat_former: former.as_ref(),
            decided: &[],
            sector: Sector::Agricultural,
        };
        assert_eq!(Scope::territory(territory).covers(&places(), &at, day), want);
    }

    #[test]
    fn a_district_has_what_lies_below_it() {
        check("178", "05971", None, LAST, true);
        check("178", "06001", None, LAST, false);
    }
    #[test]
    fn a_province_has_everything_before_and_after() {
        check("20", "05971", None, LAST, true);
        check("20", "05971", None, AFTER, true);
        check("20", "05971.2025", None, AFTER, true);
    }
    #[test]
    fn a_district_that_ended_keeps_its_own_ground() {
        check("178", "05971", None, AFTER, true);
        check("178", "06001", None, AFTER, false);
    }
    #[test]
    fn a_new_seat_is_kept_by_the_former_district_only_where_its_ground_is_known() {
        check("178", "05971.2025", Some("05971"), AFTER, true);
        check("178", "05971.2025", Some("06001"), AFTER, false);
        check("178", "05971.2025", None, AFTER, false);
    }
    #[test]
    fn the_new_commune_has_all_that_went_into_it() {
        check("05971.2025", "05971", None, AFTER, true);
        check("05971.2025", "06001", None, AFTER, true);
    }
    #[test]
    fn an_unknown_territory_has_nothing() {
        check("99", "05971", None, LAST, false);
    }
    #[test]
    fn nobody_gives_more_than_they_have() {
        let places = places();
        let (district, commune) = (Scope::territory("178"), Scope::territory("05971"));
        assert!(district.holds(&commune, &places) && Scope::ALL.holds(&district, &places));
        assert!(!commune.holds(&district, &places) && !district.holds(&Scope::ALL, &places));
    }
    #[test]
    fn names_are_small_letters_with_single_joints() {
        for good in ["so-nnmt", "xa_05971.01", "abc"] {
            assert!(AccountName::from(good).is_well_formed(), "{good}");
        }
        for bad in ["ab", "-abc", "a--b", "Abc", "a b c", "a\nb", "abc.", "xã-a", &"a".repeat(41)]
        {
            assert!(!AccountName::from(bad).is_well_formed(), "{bad}");
        }
    }
    #[test]
    fn codes_read_back() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_code(role.code()) == Some(role)));
        assert!(
            SignsFor::ALL.into_iter().all(|form| SignsFor::from_code(form.code()) == Some(form))
        );
        let states = AccountState::ALL;
        assert!(states.into_iter().all(|s| AccountState::from_code(s.code()) == Some(s)));
    }
}
