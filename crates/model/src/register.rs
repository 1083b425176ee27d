//! The register over time: what filings said of every organisation, as typed records with the day from which they hold.
//!
//! `store` fills it from the projections, `engine` turns it into facts. Records name their organisation by its index in
//! [`Register::organisations`], so that a nation's register stays small and quick to walk.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::blocks::Blocks;
use crate::growing::Growing;
use crate::ids::{OrganisationId, UnitId};
use crate::linkage::Volume;
use crate::member::Tally;
use crate::organisation::{Grade, Kind, Organisation, Sector, Status};
use crate::records::{Record, Records};
use crate::roll::Rolls;
use crate::support::Application;
use crate::text::Words;
use crate::whole::Wholes;

/// Everything that the register knows, at a ledger position. Copies share every part that none of them changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// The ledger position that it was derived from.
    pub position: u64,
    /// All organisations that ever existed, by identity.
    pub organisations: Blocks<Organisation>,
    /// States, by organisation, then day, then ledger position.
    pub states: Records<State>,
    /// What the returns say, a column for each field that any of them fills, by name.
    pub return_columns: Vec<ReturnColumn>,
    /// Accepted yearly returns, by organisation, year, day and ledger: every version of a corrected one. On a day, the
    /// last one filed until then holds.
    pub returns: Records<AnnualReturn>,
    /// Decided grades, by organisation, year, day and ledger: every version of one decided again.
    pub grades: Records<GradeDecision>,
    /// Linkage contracts, by organisation, contract and day: one record for each span in which the terms stayed the same.
    pub links: Records<Link>,
    /// Certificates of products and processes, by organisation.
    pub certificates: Records<Certificate>,
    /// Confirmed items of check-lists, by organisation, practice, item and day.
    pub adoptions: Records<Adoption>,
    /// Trade-promotion events attended, by organisation.
    pub promotions: Records<Promotion>,
    /// Applications for support with what became of them, each behind the index of its organisation.
    pub supports: Records<(u32, Application)>,
    /// Cooperatives in unions, by the member's index.
    pub memberships: Records<Membership>,
    /// Decisions where seats lie, by organisation, then seat, then ledger.
    pub seat_decisions: Records<SeatDecision>,
    /// What stood on rolls of members from when to when, by organisation, then member, then day.
    pub roll_spans: Rolls,
    /// By how much the counts of rolls changed, by organisation, then day.
    pub roll_counts: Records<RollCount>,
}

/// What the register says of one organisation, read alone. Its contracts name a partner that is an organisation of the register
/// by the identity, whatever they were filed with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfOne {
    /// A register that holds this organisation and its records, but for its unions.
    pub register: Register,
    /// The unions that it is or was in, with the first and the last day.
    pub unions: Vec<(OrganisationId, Date, Option<Date>)>,
    /// Whether contracts name it by its code as their partner.
    pub is_named: bool,
}

impl Register {
    /// The index of an organisation.
    pub fn index_of(&self, id: OrganisationId) -> Option<u32> {
        self.organisations
            .binary_search_by_key(&id, |organisation| organisation.id)
            .ok()
            .and_then(|index| u32::try_from(index).ok())
    }

    /// The organisation at an index.
    pub fn organisation(&self, index: u32) -> Option<&Organisation> {
        self.organisations.get(usize::try_from(index).ok()?)
    }

    /// What an organisation was on a day; nothing before its first day.
    pub fn state_on(&self, organisation: u32, day: Date) -> Option<&State> {
        self.states.of(organisation).iter().rfind(|state| state.from <= day)
    }

    /// What a return says in a column.
    pub fn return_value(&self, filed: &AnnualReturn, column: &str) -> Option<i64> {
        self.return_columns.iter().find(|known| known.name == column)?.of(filed)
    }

    /// Takes in an accepted return with what it says. Columns it does not name stay empty for it.
    pub fn file_return<'n>(
        &mut self,
        mut filed: AnnualReturn,
        values: impl IntoIterator<Item = (&'n str, i64)>,
    ) {
        filed.row = self.add_return_values(values);
        self.returns.push(filed);
    }

    /// Puts what a return says behind what all others say, and tells where it stands.
    fn add_return_values<'n>(&mut self, values: impl IntoIterator<Item = (&'n str, i64)>) -> u32 {
        let row = self.return_columns.first().map_or(self.returns.len(), |c| c.values.len());
        let mut next = 0;
        for (name, value) in values {
            // Mostly they come in the order of the columns, and all of them.
            let at = if self.return_columns.get(next).is_some_and(|column| column.name == name) {
                next
            } else {
                self.return_column(name, row)
            };
            next = at + 1;
            if let Some(column) = self.return_columns.get_mut(at)
                && column.values.len() == row
            {
                column.values.push(Some(value));
            }
        }
        for column in &mut self.return_columns {
            if column.values.len() == row {
                column.values.push(None);
            }
        }
        u32::try_from(row).unwrap_or(u32::MAX)
    }

    /// The place of a column, which is made where there is none, with nothing in its first rows.
    fn return_column(&mut self, name: &str, rows: usize) -> usize {
        match self.return_columns.binary_search_by(|column| column.name.as_str().cmp(name)) {
            Ok(at) => at,
            Err(at) => {
                let values = Wholes::missing(rows).into();
                self.return_columns.insert(at, ReturnColumn { name: name.to_owned(), values });
                at
            }
        }
    }

    /// Takes in what the register says of some organisations at a later position, in place of what it said, and gives their
    /// indices; those that are new come first, so that others may name them. None where others are concerned too, and then the
    /// register is to be read as a whole.
    pub fn take_in_all(&mut self, position: u64, all: Vec<OfOne>) -> Option<Vec<u32>> {
        let is_known = |one: &OfOne| {
            let id = one.register.organisations.get(0).map(|organisation| organisation.id);
            id.is_some_and(|id| self.index_of(id).is_some())
        };
        let (known, new): (Vec<OfOne>, Vec<OfOne>) = all.into_iter().partition(is_known);
        self.position = position;
        new.into_iter().chain(known).map(|one| self.take_in(position, one)).collect()
    }

    /// Takes in what the register says of one organisation at a later position, in place of what it said. Gives its index;
    /// none, and then nothing was changed, where others are concerned too: where it is no more or would stand between those
    /// that are there, where contracts name it by a code that changes, or where a union or a partner is not known.
    fn take_in(&mut self, position: u64, of_one: OfOne) -> Option<u32> {
        let OfOne { register: of_one, unions, is_named } = of_one;
        if of_one.organisations.len() != 1 {
            return None;
        }
        let organisation = of_one.organisations.get(0)?.clone();
        let found = self.organisations.binary_search_by_key(&organisation.id, |known| known.id);
        let (Ok(at) | Err(at)) = found;
        let index = u32::try_from(at).ok()?;
        let known = found.ok().and_then(|at| self.organisations.get(at));
        if known.is_none() && at < self.organisations.len() {
            return None;
        }
        // Whoever named it by the code that it has now, or by the one that it had, names it by its identity from now on, or
        // no longer.
        if known.is_none_or(|known| known.code != organisation.code) {
            let was_named = known.is_some_and(|known| known.code.is_some())
                && self.links.iter().any(|link| link.partner.organisation == Some(index));
            if is_named || was_named {
                return None;
            }
        }
        let mut memberships = Vec::with_capacity(unions.len());
        for (union, from, to) in unions {
            let union = self.index_of(union)?;
            memberships.push(Membership { organisation: index, union, from, to });
        }
        memberships.sort_by_key(|one| (one.from, one.union, one.to));
        let mut links = of_one.links.of(0).to_vec();
        for link in &mut links {
            if let Ok(id) = link.partner.key.parse() {
                let organisation = Some(self.index_of(id)?);
                link.partner = Arc::new(Partner { organisation, ..Partner::clone(&link.partner) });
            }
        }
        self.organisations.put(at, organisation);
        self.take_in_returns(index, &of_one);
        self.states.put(index, of_one.states.of(0).to_vec());
        self.grades.put(index, of_one.grades.of(0).to_vec());
        self.links.put(index, links);
        self.certificates.put(index, of_one.certificates.of(0).to_vec());
        self.adoptions.put(index, of_one.adoptions.of(0).to_vec());
        self.promotions.put(index, of_one.promotions.of(0).to_vec());
        self.supports.put(index, of_one.supports.of(0).to_vec());
        self.memberships.put(index, memberships);
        self.seat_decisions.put(index, of_one.seat_decisions.of(0).to_vec());
        self.roll_spans.put(index, of_one.roll_spans.of(0).iter());
        self.roll_counts.put(index, of_one.roll_counts.of(0).to_vec());
        self.position = position;
        Some(index)
    }

    /// Takes in the returns of one organisation. What is known stays where it stands.
    fn take_in_returns(&mut self, index: u32, of_one: &Self) {
        let mut own = Vec::new();
        for filed in of_one.returns.of(0) {
            let says = |register: &Self, filed: &AnnualReturn| -> Vec<(String, i64)> {
                let columns = register.return_columns.iter();
                columns.filter_map(|c| Some((c.name.clone(), c.of(filed)?))).collect()
            };
            let said = says(of_one, filed);
            let known = self.returns.of(index).iter().find(|known| {
                (known.year, known.on, known.late) == (filed.year, filed.on, filed.late)
                    && says(self, known) == said
            });
            let row = match known {
                Some(known) => known.row,
                None => {
                    self.add_return_values(said.iter().map(|(name, value)| (name.as_str(), *value)))
                }
            };
            own.push(AnnualReturn { row, ..*filed });
        }
        self.returns.put(index, own);
    }

    /// Whether it is a copy that shares everything with another: it says the same, be it at another position.
    pub fn says_as(&self, other: &Self) -> bool {
        let Self {
            position: _,
            organisations,
            states,
            return_columns,
            returns,
            grades,
            links,
            certificates,
            adoptions,
            promotions,
            supports,
            memberships,
            seat_decisions,
            roll_spans,
            roll_counts,
        } = self;
        organisations.is_one_with(&other.organisations)
            && states.is_one_with(&other.states)
            && return_columns.len() == other.return_columns.len()
            && return_columns
                .iter()
                .zip(&other.return_columns)
                .all(|(one, other)| one.name == other.name && one.values.is_one_with(&other.values))
            && returns.is_one_with(&other.returns)
            && grades.is_one_with(&other.grades)
            && links.is_one_with(&other.links)
            && certificates.is_one_with(&other.certificates)
            && adoptions.is_one_with(&other.adoptions)
            && promotions.is_one_with(&other.promotions)
            && supports.is_one_with(&other.supports)
            && memberships.is_one_with(&other.memberships)
            && seat_decisions.is_one_with(&other.seat_decisions)
            && roll_spans.is_one_with(&other.roll_spans)
            && roll_counts.is_one_with(&other.roll_counts)
    }

    /// Whether any of it was made by a generator.
    pub fn has_synthetic(&self) -> bool {
        self.organisations.iter().any(|organisation| organisation.synthetic)
    }
}

/// Says under which organisation records stand.
macro_rules! records {
    ($($name:ident)*) => {
        $(impl Record for $name {
            fn organisation(&self) -> u32 {
                self.organisation
            }

            fn stand_under(&mut self, organisation: u32) {
                self.organisation = organisation;
            }
        })*
    };
}

records! {
    State AnnualReturn GradeDecision Link Certificate Adoption Promotion Membership SeatDecision RollCount
}

impl Record for (u32, Application) {
    fn organisation(&self) -> u32 {
        self.0
    }

    fn stand_under(&mut self, organisation: u32) {
        self.0 = organisation;
    }
}

/// What an organisation was from a day on, until its next state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Index of the organisation.
    pub organisation: u32,
    /// The first day.
    pub from: Date,
    /// The ledger position of the filing that said so.
    pub position: u64,
    /// Its kind.
    pub kind: Kind,
    /// Its legal status.
    pub status: Status,
    /// The commune of its seat, as filed.
    pub seat: UnitId,
    /// The former commune of its seat, where a filing after 1 July 2025 names it.
    pub seat_former: Option<UnitId>,
    /// The sector it counts in.
    pub sector: Sector,
    /// VSIC level-1 letter of the main activity.
    pub vsic: char,
    /// Whether the seat lies in a difficult area, as filed.
    pub difficult_area: bool,
    /// Members as declared; none where nothing was declared.
    pub members: Option<i64>,
    /// Charter capital, đồng; none where nothing was declared.
    pub capital: Option<i64>,
}

/// One field of the yearly returns, over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnColumn {
    /// The field.
    pub name: String,
    /// One value for each return; flags are 0 and 1, money whole đồng; none where the field was left empty.
    pub values: Growing,
}

impl ReturnColumn {
    /// What a return says in it.
    pub fn of(&self, filed: &AnnualReturn) -> Option<i64> {
        self.values.get(usize::try_from(filed.row).ok()?)
    }
}

/// An accepted yearly return. What it says stands in [`Register::return_columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnualReturn {
    /// Index of the organisation.
    pub organisation: u32,
    /// The year it reports.
    pub year: i16,
    /// The day it was filed.
    pub on: Date,
    /// Whether that was after the due date.
    pub late: bool,
    /// Where its values stand in every column.
    pub row: u32,
}

/// A decided grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradeDecision {
    /// Index of the organisation.
    pub organisation: u32,
    /// The year that is graded.
    pub year: i16,
    /// The day of the decision.
    pub on: Date,
    /// The ruleset, as `tt01-2020`.
    pub ruleset: String,
    /// The score in tenths of a point.
    pub score_tenths: i32,
    /// The grade.
    pub grade: Grade,
}

/// A stage of a linkage contract [Decree 98/2018, Article 4]; sale is always part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Cung ứng vật tư, dịch vụ đầu vào.
    Input,
    /// Tổ chức sản xuất.
    Production,
    /// Thu hoạch.
    Harvest,
    /// Sơ chế, chế biến.
    Processing,
    /// Tiêu thụ.
    Sale,
}

impl Stage {
    /// All stages, in the order of the chain.
    pub const ALL: [Self; 5] =
        [Self::Input, Self::Production, Self::Harvest, Self::Processing, Self::Sale];

    /// The stage as it is written in filings.
    pub fn code(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Production => "production",
            Self::Harvest => "harvest",
            Self::Processing => "processing",
            Self::Sale => "sale",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Input => Words::new("cung ứng đầu vào", "input"),
            Self::Production => Words::new("sản xuất", "production"),
            Self::Harvest => Words::new("thu hoạch", "harvest"),
            Self::Processing => Words::new("sơ chế, chế biến", "processing"),
            Self::Sale => Words::new("tiêu thụ", "sale"),
        }
    }
}

/// Who is on the other side of a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    /// An enterprise.
    #[default]
    Enterprise,
    /// Another organisation of the collective economy.
    Organisation,
}

impl PartnerKind {
    /// The value as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Organisation => "organisation",
        }
    }

    /// The value that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Enterprise, Self::Organisation].into_iter().find(|kind| kind.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Enterprise => Words::new("doanh nghiệp", "enterprise"),
            Self::Organisation => {
                Words::new("tổ chức kinh tế tập thể", "organisation of the collective economy")
            }
        }
    }
}

/// Who is on the other side of contracts. Those with the same partner hold it in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Partner {
    /// What tells it from others: the identity of an organisation of the register, else its code, or its name where it has none.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What kind of partner.
    pub kind: PartnerKind,
    /// Index of the organisation, where it is one of the register.
    pub organisation: Option<u32>,
}

impl Partner {
    /// An enterprise of which nothing but the name is known.
    pub fn enterprise(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { key: name.clone(), name, kind: PartnerKind::Enterprise, organisation: None }
    }
}

/// The terms of a linkage contract in a span of days. A change ends one span and begins the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Index of the organisation that sells.
    pub organisation: u32,
    /// The contract's number or name, unique for the organisation.
    pub link: String,
    /// The day on which the contract was signed: the first of its first terms.
    pub signed_on: Date,
    /// Who buys.
    pub partner: Arc<Partner>,
    /// What is produced.
    pub product: Arc<str>,
    /// The stages covered.
    pub stages: Arc<[Stage]>,
    /// The first day of these terms.
    pub from: Date,
    /// Their last day; none while no end is known.
    pub to: Option<Date>,
    /// Value in đồng, where known.
    pub value: Option<i64>,
    /// How much is delivered in a year, where known.
    pub volume: Option<Volume>,
    /// The area under contract in square metres, where known.
    pub area: Option<i64>,
    /// The document that proves it, empty where none is named.
    pub proof: String,
}

impl Link {
    /// Whether these terms hold on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A certificate with its validity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Index of the organisation.
    pub organisation: u32,
    /// The certificate's number or name, unique for the organisation.
    pub certificate: String,
    /// The product.
    pub product: String,
    /// As `ocop`, `vietgap`.
    pub kind: String,
    /// Stars, for OCOP.
    pub stars: Option<u8>,
    /// The first day.
    pub from: Date,
    /// The last day; none where it does not end.
    pub to: Option<Date>,
    /// Points in tenths, for OCOP, where known.
    pub score_tenths: Option<i32>,
    /// The day from which it is withdrawn.
    pub withdrawn_on: Option<Date>,
    /// The certificate that it follows.
    pub renews: Option<String>,
    /// The deciding document or body, empty where none is named.
    pub decision: String,
}

impl Certificate {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day
            && self.to.is_none_or(|to| day <= to)
            && self.withdrawn_on.is_none_or(|withdrawn| day < withdrawn)
    }
}

/// What a check-list confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Practice {
    /// Ứng dụng công nghệ cao.
    HighTechnology,
    /// Áp dụng chuyển đổi số.
    Digital,
    /// Xuất khẩu trực tiếp.
    DirectExport,
}

impl Practice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::HighTechnology, Self::Digital, Self::DirectExport];

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::HighTechnology => Words::new("ứng dụng công nghệ cao", "high technology"),
            Self::Digital => Words::new("áp dụng chuyển đổi số", "digital adoption"),
            Self::DirectExport => Words::new("xuất khẩu trực tiếp", "direct export"),
        }
    }

    /// The value as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::HighTechnology => "high_technology",
            Self::Digital => "digital",
            Self::DirectExport => "direct_export",
        }
    }

    /// The value that is stored so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|practice| practice.code() == code)
    }
}

/// A confirmed item of a check-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Index of the organisation.
    pub organisation: u32,
    /// What it confirms.
    pub practice: Practice,
    /// The item.
    pub item: String,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    pub to: Option<Date>,
    /// The agency that confirmed it.
    pub confirmed_by: String,
    /// What was looked at, empty where nothing is named.
    pub evidence: String,
}

impl Adoption {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A trade-promotion event attended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Index of the organisation.
    pub organisation: u32,
    /// The day.
    pub on: Date,
}

/// A cooperative's membership of a union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Index of the member cooperative.
    pub organisation: u32,
    /// Index of the union.
    pub union: u32,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    pub to: Option<Date>,
}

/// It was decided in which of the units that follow a seat's unit, or came before it, the seat lies. It holds for every
/// day, since the address did not move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatDecision {
    /// Index of the organisation.
    pub organisation: u32,
    /// The unit that was split, or that several units went into.
    pub seat: UnitId,
    /// The one of its successors or predecessors.
    pub unit: UnitId,
    /// The ledger position of the decision.
    pub position: u64,
}

/// A change of the counts of a roll. The first one of an organisation is the beginning of its roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollCount {
    /// Index of the organisation.
    pub organisation: u32,
    /// The day from which it holds.
    pub on: Date,
    /// By how much.
    pub tally: Tally,
}
