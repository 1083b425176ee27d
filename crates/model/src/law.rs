//! What the law asks: dated rows of a pack, each with its source and how far that was verified. The program knows no number
//! and no article beside them.
//!
//! Of several rows about the same thing the latest that has begun on a day holds. What no row speaks of is unknown, and
//! nothing is judged by it. [`Law::shipped`] is what the program carries (`packs/vn/law.toml`); a plan that is adopted brings
//! its own copy, so that what was accepted under it can be judged again.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::filing::FilingKind;
use crate::organisation::{Kind, Status};
use crate::text::Words;
use crate::words;

/// The rows of the law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Least numbers of official members.
    pub minimum: Vec<Minimum>,
    /// What share of the members may be foreign.
    pub foreign: Vec<Foreign>,
    /// When a group may become a cooperative.
    pub conversion: Vec<Conversion>,
    /// How filings keep to their days.
    pub notice: Vec<Notice>,
    /// Sizes of cooperatives and unions, the largest of each section first.
    pub size: Vec<Threshold>,
    /// What the registration body looks into by itself.
    pub limit: Vec<Limit>,
    /// Which filing is possible in which status.
    pub step: Vec<Step>,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// From which day it holds; none for as long as anybody remembers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The document and its article.
    pub source: String,
    /// How far that was verified.
    pub verified: Verified,
}

/// How far a row was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Read in a copy of the document, or in a page that quotes it.
    Read,
    /// Said by a secondary page.
    Reported,
    /// From memory.
    Recalled,
    /// Concluded from what the documents say.
    Inferred,
}

impl Verified {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Read, Self::Reported, Self::Recalled, Self::Inferred];

    /// The word in a pack.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Reported => "reported",
            Self::Recalled => "recalled",
            Self::Inferred => "inferred",
        }
    }
}

/// The least number of official members of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minimum {
    /// Of whom.
    pub kind: Kind,
    /// How many.
    pub members: i64,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// The share of official members that foreigners stay below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// In percent.
    pub below_percent: i64,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// How long a group works before it may become a cooperative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// In months.
    pub months: i64,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// How a filing keeps to its day: at most so many days after it, or at least so many working days before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which filing.
    pub filing: FilingKind,
    /// At most so many days after it took effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_after: Option<i64>,
    /// At least so many working days before it takes effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days_before: Option<i64>,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// What an organisation needs at least for a size: official members, and revenue or total capital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The letters of the sections that it is for.
    pub sections: String,
    /// The size.
    pub size: Size,
    /// The figures; none where they are not at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// The figures of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Official members.
    pub members: i64,
    /// Revenue of a year, in đồng.
    pub revenue: i64,
    /// Total capital, in đồng.
    pub capital: i64,
}

/// For how long something may go on before a certificate may be withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What goes on.
    pub what: Ground,
    /// For how many months.
    pub months: i64,
    /// In words, as a clause.
    pub rule: Words,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// What may go on too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// No business, and no notice of it.
    Inactive,
    /// Fewer members than the least number.
    BelowMinimum,
    /// No general meeting.
    NoGeneralMeeting,
    /// No report although one was asked for.
    NoReport,
}

impl Ground {
    /// All grounds.
    pub const ALL: [Self; 4] =
        [Self::Inactive, Self::BelowMinimum, Self::NoGeneralMeeting, Self::NoReport];

    /// The word in a pack.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::BelowMinimum => "below_minimum",
            Self::NoGeneralMeeting => "no_general_meeting",
            Self::NoReport => "no_report",
        }
    }
}

/// A filing, for whom and in which statuses it is possible, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which filing.
    pub filing: FilingKind,
    /// For whom.
    pub kinds: Vec<Kind>,
    /// In which statuses.
    pub from_statuses: Vec<Status>,
    /// Where it leads; empty where the status stays. Of several, the filing says which.
    pub to_statuses: Vec<Status>,
    /// Why not in others, as a clause.
    pub rule: Words,
    /// Where that comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// The law that the program carries.
static SHIPPED: LazyLock<Law> = LazyLock::new(|| {
    serde_json::from_str(include_str!("law.json")).expect("a test reads the shipped law")
});

impl Law {
    /// The law that the program carries: `packs/vn/law.toml`, as the reader of packs reads it.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The least number of official members that an organisation of a kind needs on a day; none where nothing is known.
    pub fn members_min(&self, kind: Kind, day: Date) -> Option<i64> {
        let of_kind = self.minimum.iter().filter(|minimum| minimum.kind == kind);
        latest(of_kind, day, |minimum| &minimum.origin).map(|minimum| minimum.members)
    }

    /// The share of official members that foreigners stay below on a day, in percent.
    pub fn foreign_below(&self, day: Date) -> Option<i64> {
        latest(&self.foreign, day, |foreign| &foreign.origin).map(|foreign| foreign.below_percent)
    }

    /// How many months a group works before it may become a cooperative.
    pub fn conversion_months(&self, day: Date) -> Option<i64> {
        latest(&self.conversion, day, |age| &age.origin).map(|age| age.months)
    }

    /// What may go on too long on a day, with its limit.
    pub fn limit(&self, what: Ground, day: Date) -> Option<&Limit> {
        latest(self.limit.iter().filter(|limit| limit.what == what), day, |limit| &limit.origin)
    }

    /// The row of a filing about the life of an organisation, as of a day.
    pub fn step(&self, filing: FilingKind, day: Date) -> Option<&Step> {
        latest(self.step.iter().filter(|step| step.filing == filing), day, |step| &step.origin)
    }

    /// The sentence that a filing keeps no notice, where it does not. `recorded` is the day on which it is recorded. Working
    /// days are Monday to Friday: public holidays are not known here, so that a notice may be shorter than it seems, never
    /// longer.
    pub fn late_notice(
        &self,
        filing: FilingKind,
        effective: Date,
        recorded: Date,
    ) -> Option<Words> {
        let of_filing = self.notice.iter().filter(|notice| notice.filing == filing);
        let notice = latest(of_filing, effective, |notice| &notice.origin)?;
        let source = &notice.origin.source;
        if let Some(days) = notice.working_days_before
            && working_days(recorded, effective) < days
        {
            return Some(words!(
                "phải thông báo trước ít nhất {days} ngày làm việc ({source})",
                "it must be notified at least {days} working days before [{source}]",
                days,
                source
            ));
        }
        let after = i64::from(crate::date::days_between(effective, recorded));
        notice.days_after.filter(|days| after > *days).map(|days| {
            words!(
                "phải nộp trong {days} ngày kể từ khi thay đổi ({source})",
                "it must be filed within {days} days [{source}]",
                days,
                source
            )
        })
    }

    /// The size of an organisation on a day, or why it cannot be said: no row speaks of the day or its section, a figure of
    /// the organisation is missing, or a threshold is not at hand. Judged from large down; the first that fits is the size.
    pub fn size(
        &self,
        vsic: char,
        official_members: Option<i64>,
        revenue: Option<i64>,
        capital: Option<i64>,
        day: Date,
    ) -> Result<Size, Words> {
        let of_section = self.size.iter().filter(|threshold| threshold.sections.contains(vsic));
        let from = of_section
            .clone()
            .filter(|threshold| threshold.origin.has_begun(day))
            .map(|threshold| threshold.origin.valid_from)
            .max();
        let Some(from) = from else {
            return Err(words!(
                "chưa có quy định phân loại quy mô vào ngày này",
                "no rule about sizes is known on this day"
            ));
        };
        for threshold in of_section.filter(|threshold| threshold.origin.valid_from == from) {
            let Some(needs) = threshold.needs else {
                return Err(words!(
                    "chưa có mức phân loại cho lĩnh vực này ({source})",
                    "the thresholds for this field are not at hand [{source}]",
                    source = threshold.origin.source
                ));
            };
            let Some(official) = official_members else {
                return Err(words!(
                    "chưa khai số thành viên chính thức",
                    "the number of official members is not declared"
                ));
            };
            if official < needs.members {
                continue;
            }
            let reaches = |value: Option<i64>, least| value.is_some_and(|value| value >= least);
            if reaches(revenue, needs.revenue) || reaches(capital, needs.capital) {
                return Ok(threshold.size);
            }
            if revenue.is_none() || capital.is_none() {
                return Err(words!(
                    "chưa khai doanh thu hoặc tổng nguồn vốn",
                    "revenue or total capital is not declared"
                ));
            }
        }
        Ok(Size::Micro)
    }
}

impl Default for Law {
    /// What the program carries: a plan that was adopted before packs had laws of their own is judged by it.
    fn default() -> Self {
        Self::shipped().clone()
    }
}

impl Origin {
    /// Whether the row holds on a day, a later one aside.
    pub fn has_begun(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
    }
}

/// Of some rows the latest that has begun.
fn latest<'a, T>(
    rows: impl IntoIterator<Item = &'a T>,
    day: Date,
    origin: impl Fn(&T) -> &Origin,
) -> Option<&'a T> {
    rows.into_iter()
        .filter(|row| origin(row).has_begun(day))
        .max_by_key(|row| origin(row).valid_from)
}

/// Working days after `from` up to `to`.
fn working_days(from: Date, to: Date) -> i64 {
    let days = i64::from(crate::date::days_between(from, to)).max(0);
    let (weeks, rest) = (days / 7, days % 7);
    let start = i64::from(from.weekday().to_monday_zero_offset());
    let in_rest = (1..=rest).filter(|step| (start + step) % 7 < 5).count();
    weeks * 5 + i64::try_from(in_rest).unwrap_or(0)
}

/// How large a cooperative or union is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// Siêu nhỏ.
    Micro,
    /// Nhỏ.
    Small,
    /// Vừa.
    Medium,
    /// Lớn.
    Large,
}

impl Size {
    /// All sizes, the largest first; the smallest has no row, since whoever reaches none of the others is it.
    pub const ROWS: [Self; 3] = [Self::Large, Self::Medium, Self::Small];

    /// The value as it is stored and shown to programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Micro => Words::new("Siêu nhỏ", "Micro"),
            Self::Small => Words::new("Nhỏ", "Small"),
            Self::Medium => Words::new("Vừa", "Medium"),
            Self::Large => Words::new("Lớn", "Large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BILLION: i64 = 1_000_000_000;
    const DAY: Date = Date::constant(2025, 1, 1);

    #[test]
    fn minima_follow_the_law_of_the_day() {
        let before = Date::constant(2024, 6, 30);
        let law = Law::shipped();
        let least = |day| Kind::ALL.map(|kind| law.members_min(kind, day));
        assert_eq!(least(before), [Some(2), Some(7), Some(4)]);
        assert_eq!(least(Date::constant(2024, 7, 1)), [Some(2), Some(5), Some(3)]);
    }
    #[test]
    fn what_no_row_speaks_of_is_unknown() {
        let law = Law { minimum: Vec::new(), conversion: Vec::new(), ..Law::default() };
        assert_eq!(law.members_min(Kind::Union, DAY), None);
        assert_eq!(law.conversion_months(DAY), None);
        assert!(law.limit(Ground::NoReport, Date::constant(2024, 6, 30)).is_none());
    }

    #[track_caller]
    fn sized(vsic: char, members: i64, revenue: i64, capital: i64, want: Option<Size>) {
        let got = Law::shipped().size(
            vsic,
            Some(members),
            Some(revenue * BILLION),
            Some(capital * BILLION),
            DAY,
        );
        assert_eq!(got.ok(), want);
    }
    #[test]
    fn sizes_in_agriculture() {
        sized('A', 300, 50, 0, Some(Size::Large));
        sized('A', 300, 49, 10, Some(Size::Large));
        sized('A', 299, 50, 10, Some(Size::Medium));
        sized('A', 50, 0, 1, Some(Size::Small));
        sized('A', 49, 60, 60, Some(Size::Micro));
        sized('A', 400, 0, 0, Some(Size::Micro));
    }
    #[test]
    fn sizes_that_are_not_known() {
        let of = |vsic, members, revenue, capital, day| {
            Law::shipped().size(vsic, members, revenue, capital, day)
        };
        sized('C', 100, 80, 0, Some(Size::Large));
        sized('C', 99, 80, 20, None);
        sized('G', 500, 500, 500, None);
        assert!(of('A', Some(60), None, None, DAY).is_err());
        assert!(of('A', None, Some(0), Some(0), DAY).is_err());
        // Members decide alone where they are too few for any size but the smallest.
        assert_eq!(of('A', Some(20), None, None, DAY), Ok(Size::Micro));
        assert!(of('A', Some(20), Some(0), Some(0), Date::constant(2024, 10, 31)).is_err());
    }
    #[test]
    fn notices() {
        // 1 September 2025 is a Monday.
        let monday = Date::constant(2025, 9, 1);
        let suspend = |recorded| {
            Law::shipped().late_notice(FilingKind::OrganisationSuspend, monday, recorded).is_some()
        };
        assert!(!suspend(Date::constant(2025, 8, 27)));
        assert!(suspend(Date::constant(2025, 8, 28)));
        assert!(suspend(monday));
        let change =
            |recorded| Law::shipped().late_notice(FilingKind::OrganisationChange, monday, recorded);
        assert_eq!(change(Date::constant(2025, 9, 11)), None);
        assert!(change(Date::constant(2025, 9, 12)).is_some());
        // Before the law of 2023 no period is known here.
        let before = Date::constant(2024, 6, 1);
        assert_eq!(
            Law::shipped().late_notice(FilingKind::OrganisationChange, before, monday),
            None
        );
    }
}
