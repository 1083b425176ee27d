//! What is registered of an organisation besides its name, seat, members and capital: other names, address, contacts, who
//! represents it, branches, business lines [Law 17/2023/QH15; Decree 92/2024/NĐ-CP].
//!
//! Nothing of it decides a state, so that it is not kept in a table: [`on_day`] folds the filings about an organisation when
//! it is asked. The representative's name is public, as the register is; a personal number stands on the roll alone, which is
//! sealed, and the representative may be pointed at there.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::{Body, Filing, FilingKind};
use crate::ids::{FilingId, MemberId, UnitId};
use crate::text::Words;

/// Registered particulars. In a filing, what is absent stays as it was, and an empty text or list takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// The name in a foreign language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_name: Option<String>,
    /// The short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// House, street or hamlet of the seat; the commune is that of the registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Electronic mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The tax code, where it is not the registration code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Who represents it in law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// All its branches, representative offices and business places from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<Vec<Branch>>,
    /// The edition of the classification that the lines are taken from, as `27/2018/QĐ-TTg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// All business lines from then on, by level-4 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<String>>,
    /// Foreign official members; a notice says so, not a filing of particulars.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub foreign_members: Option<i64>,
}

/// Who represents an organisation in law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Representative {
    /// The name.
    pub name: String,
    /// The office held, as *Chủ tịch Hội đồng quản trị*.
    pub title: String,
    /// Where the person stands on the roll of members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// What kind of place an organisation works at besides its seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchKind {
    /// Chi nhánh.
    Branch,
    /// Văn phòng đại diện.
    Office,
    /// Địa điểm kinh doanh.
    BusinessPlace,
}

impl BranchKind {
    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Branch => Words::new("Chi nhánh", "Branch"),
            Self::Office => Words::new("Văn phòng đại diện", "Office"),
            Self::BusinessPlace => Words::new("Địa điểm kinh doanh", "Business place"),
        }
    }
}

/// A branch, an office or a business place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// What it is.
    pub kind: BranchKind,
    /// Its name.
    pub name: String,
    /// Its code: that of the organisation, a hyphen and three digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// House, street or hamlet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The commune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<UnitId>,
}

impl Particulars {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what a later filing says.
    fn change(&mut self, by: Self) {
        fn text(now: &mut Option<String>, then: Option<String>) {
            if let Some(then) = then {
                *now = Some(then).filter(|then| !then.is_empty());
            }
        }
        fn list<T>(now: &mut Option<Vec<T>>, then: Option<Vec<T>>) {
            if let Some(then) = then {
                *now = Some(then).filter(|then| !then.is_empty());
            }
        }
        text(&mut self.foreign_name, by.foreign_name);
        text(&mut self.short_name, by.short_name);
        text(&mut self.address, by.address);
        text(&mut self.phone, by.phone);
        text(&mut self.email, by.email);
        text(&mut self.website, by.website);
        text(&mut self.tax_code, by.tax_code);
        self.representative = by.representative.or(self.representative.take());
        list(&mut self.branches, by.branches);
        text(&mut self.scheme, by.scheme);
        list(&mut self.lines, by.lines);
        self.foreign_members = by.foreign_members.or(self.foreign_members);
    }
}

/// What a body says of particulars: a filing of them, or a notice of business lines and foreign members.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other body says anything of them")]
fn said(body: Body) -> Option<Particulars> {
    match body {
        Body::Particulars(particulars) => Some(*particulars),
        Body::OrganisationEvent(Event::Notify(notice)) => Some(Particulars {
            scheme: notice.scheme,
            lines: notice.lines,
            foreign_members: notice.foreign_members,
            ..Particulars::default()
        }),
        _ => None,
    }
}

/// The particulars of an organisation on a day, from the filings about it in the order of the ledger. What a correction puts
/// in a filing's place counts from the correction's own effective day, and what it strikes does not count.
pub fn on_day(filings: &[Filing], day: Date) -> Result<Particulars, serde_json::Error> {
    let mut said_on: Vec<(FilingId, Date, FilingKind, Option<Particulars>)> = Vec::new();
    for filing in filings {
        let body = filing.typed_body()?;
        if let Body::OrganisationEvent(Event::Correct(correction)) = &body {
            let Some(at) = said_on.iter().position(|(id, ..)| *id == correction.filing) else {
                continue;
            };
            match &correction.body {
                None => {
                    said_on.remove(at);
                }
                Some(restated) => {
                    let restated = restated.to_string();
                    if let Some((_, on, kind, particulars)) = said_on.get_mut(at) {
                        *on = filing.effective_on;
                        *particulars = said(Body::parse(*kind, &restated)?);
                    }
                }
            }
            continue;
        }
        if let Some(particulars) = said(body) {
            said_on.push((filing.id, filing.effective_on, filing.kind, Some(particulars)));
        }
    }
    // Of one day, the later filing holds.
    said_on.sort_by_key(|(_, on, ..)| *on);
    let mut now = Particulars::default();
    for (_, on, _, particulars) in said_on {
        if let Some(particulars) = particulars.filter(|_| on <= day) {
            now.change(particulars);
        }
    }
    Ok(now)
}
