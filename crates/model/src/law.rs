//! What the law asks in numbers, each with the day from which it does: dated tables, not conditions in code.

use jiff::civil::Date;

use crate::filing::FilingKind;
use crate::organisation::Kind;
use crate::text::Words;

/// The least membership from a day on.
struct Minimum {
    kind: Kind,
    from: Date,
    members: i64,
}

const LAW_2023: Date = Date::constant(2024, 7, 1);

/// Least numbers of official members, the latest last. Those of Law 17/2023/QH15 (Articles 4.7, 4.8, 4.21) are in force
/// since 1 July 2024; 7 members of a cooperative and 4 member cooperatives of a union are those of Law 23/2012/QH13.
const MINIMA: [Minimum; 5] = [
    Minimum { kind: Kind::Group, from: Date::MIN, members: 2 },
    Minimum { kind: Kind::Cooperative, from: Date::MIN, members: 7 },
    Minimum { kind: Kind::Cooperative, from: LAW_2023, members: 5 },
    Minimum { kind: Kind::Union, from: Date::MIN, members: 4 },
    Minimum { kind: Kind::Union, from: LAW_2023, members: 3 },
];

/// The least number of official members that an organisation of a kind needs on a day.
pub fn members_min(kind: Kind, day: Date) -> i64 {
    let in_force = MINIMA.iter().rfind(|minimum| minimum.kind == kind && minimum.from <= day);
    in_force.map_or(0, |minimum| minimum.members)
}

/// How a filing must keep to its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// At least so many working days before it takes effect.
    WorkingDaysBefore(i64),
    /// At most so many days after it took effect.
    DaysAfter(i64),
}

/// The notice of a filing from a day on, with its article.
struct Period {
    filing: FilingKind,
    from: Date,
    notice: Notice,
    article: &'static str,
}

/// Notice periods of Law 17/2023/QH15.
const PERIODS: [Period; 4] = [
    Period {
        filing: FilingKind::OrganisationChange,
        from: LAW_2023,
        notice: Notice::DaysAfter(10),
        article: "47",
    },
    Period {
        filing: FilingKind::OrganisationNotify,
        from: LAW_2023,
        notice: Notice::DaysAfter(10),
        article: "48",
    },
    Period {
        filing: FilingKind::OrganisationSuspend,
        from: LAW_2023,
        notice: Notice::WorkingDaysBefore(3),
        article: "96",
    },
    Period {
        filing: FilingKind::OrganisationResume,
        from: LAW_2023,
        notice: Notice::WorkingDaysBefore(3),
        article: "96",
    },
];

/// The sentence that a filing keeps no notice, where it does not. `recorded` is the day on which it is recorded. Working days
/// are Monday to Friday: public holidays are not known here, so that a notice may be shorter than it seems, never longer.
pub fn late_notice(filing: FilingKind, effective: Date, recorded: Date) -> Option<Words> {
    let period =
        PERIODS.iter().rfind(|period| period.filing == filing && period.from <= effective)?;
    let article = period.article;
    match period.notice {
        Notice::WorkingDaysBefore(days) if working_days(recorded, effective) < days => {
            Some(Words::new(
                format!("phải thông báo trước ít nhất {days} ngày làm việc (Điều {article})"),
                format!(
                    "it must be notified at least {days} working days before [Article {article}]"
                ),
            ))
        }
        Notice::DaysAfter(days)
            if i64::from(crate::date::days_between(effective, recorded)) > days =>
        {
            Some(Words::new(
                format!("phải nộp trong {days} ngày kể từ khi thay đổi (Điều {article})"),
                format!("it must be filed within {days} days [Article {article}]"),
            ))
        }
        Notice::WorkingDaysBefore(_) | Notice::DaysAfter(_) => None,
    }
}

/// Working days after `from` up to `to`.
fn working_days(from: Date, to: Date) -> i64 {
    let days = i64::from(crate::date::days_between(from, to)).max(0);
    let (weeks, rest) = (days / 7, days % 7);
    let start = i64::from(from.weekday().to_monday_zero_offset());
    let in_rest = (1..=rest).filter(|step| (start + step) % 7 < 5).count();
    weeks * 5 + i64::try_from(in_rest).unwrap_or(0)
}

/// How large a cooperative or union is [Decree 113/2024/NĐ-CP, Articles 4 and 5].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// The field that size is judged in: VSIC section A, B to F, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Agriculture,
    Industry,
    Services,
}

/// What an organisation needs at least for a size: official members, and revenue or total capital.
struct Threshold {
    field: Field,
    from: Date,
    size: Size,
    /// None where the decree's figures are not at hand.
    needs: Option<(i64, i64, i64)>,
}

const DECREE_113: Date = Date::constant(2024, 11, 1);
const BILLION: i64 = 1_000_000_000;

const fn threshold(field: Field, size: Size, needs: Option<(i64, i64, i64)>) -> Threshold {
    Threshold { field, from: DECREE_113, size, needs }
}

/// Thresholds in force since 1 November 2024, the largest first. Of industry and construction only the large ones are at
/// hand, of trade and services none: these cells are unknown, not zero.
const THRESHOLDS: [Threshold; 9] = [
    threshold(Field::Agriculture, Size::Large, Some((300, 50 * BILLION, 10 * BILLION))),
    threshold(Field::Agriculture, Size::Medium, Some((200, 10 * BILLION, 5 * BILLION))),
    threshold(Field::Agriculture, Size::Small, Some((50, 2 * BILLION, BILLION))),
    threshold(Field::Industry, Size::Large, Some((100, 80 * BILLION, 20 * BILLION))),
    threshold(Field::Industry, Size::Medium, None),
    threshold(Field::Industry, Size::Small, None),
    threshold(Field::Services, Size::Large, None),
    threshold(Field::Services, Size::Medium, None),
    threshold(Field::Services, Size::Small, None),
];

/// The size of an organisation on a day, or why it cannot be said: the day is before the decree, a figure of the
/// organisation is missing, or a threshold is not at hand. Judged from large down; the first that fits is the size.
pub fn size(
    vsic: char,
    official_members: Option<i64>,
    revenue: Option<i64>,
    capital: Option<i64>,
    day: Date,
) -> Result<Size, Words> {
    let field = match vsic {
        'A' => Field::Agriculture,
        'B'..='F' => Field::Industry,
        _ => Field::Services,
    };
    let mut in_force =
        THRESHOLDS.iter().filter(|threshold| threshold.field == field && threshold.from <= day);
    let mut some = false;
    for threshold in &mut in_force {
        some = true;
        let Some((members, least_revenue, least_capital)) = threshold.needs else {
            return Err(Words::new(
                "chưa có mức phân loại của Nghị định 113/2024/NĐ-CP cho lĩnh vực này",
                "the thresholds of Decree 113/2024 for this field are not at hand",
            ));
        };
        let Some(official) = official_members else {
            return Err(Words::new(
                "chưa khai số thành viên chính thức",
                "the number of official members is not declared",
            ));
        };
        if official < members {
            continue;
        }
        let reaches = |value: Option<i64>, least| value.is_some_and(|value| value >= least);
        if reaches(revenue, least_revenue) || reaches(capital, least_capital) {
            return Ok(threshold.size);
        }
        if revenue.is_none() || capital.is_none() {
            return Err(Words::new(
                "chưa khai doanh thu hoặc tổng nguồn vốn",
                "revenue or total capital is not declared",
            ));
        }
    }
    if some {
        return Ok(Size::Micro);
    }
    Err(Words::new(
        "Nghị định 113/2024/NĐ-CP chưa có hiệu lực vào ngày này",
        "Decree 113/2024 was not in force on this day",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = Date::constant(2025, 1, 1);

    #[test]
    fn minima_follow_the_law_of_the_day() {
        let before = Date::constant(2024, 6, 30);
        let least = |day| Kind::ALL.map(|kind| members_min(kind, day));
        assert_eq!(least(before), [2, 7, 4]);
        assert_eq!(least(LAW_2023), [2, 5, 3]);
    }

    #[track_caller]
    fn sized(vsic: char, members: i64, revenue: i64, capital: i64, want: Option<Size>) {
        let got = size(vsic, Some(members), Some(revenue * BILLION), Some(capital * BILLION), DAY);
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
        sized('C', 100, 80, 0, Some(Size::Large));
        sized('C', 99, 80, 20, None);
        sized('G', 500, 500, 500, None);
        assert!(size('A', Some(60), None, None, DAY).is_err());
        assert!(size('A', None, Some(0), Some(0), DAY).is_err());
        // Members decide alone where they are too few for any size but the smallest.
        assert_eq!(size('A', Some(20), None, None, DAY), Ok(Size::Micro));
        assert!(size('A', Some(20), Some(0), Some(0), Date::constant(2024, 10, 31)).is_err());
    }
    #[test]
    fn notices() {
        // 1 September 2025 is a Monday.
        let monday = Date::constant(2025, 9, 1);
        let suspend =
            |recorded| late_notice(FilingKind::OrganisationSuspend, monday, recorded).is_some();
        assert!(!suspend(Date::constant(2025, 8, 27)));
        assert!(suspend(Date::constant(2025, 8, 28)));
        assert!(suspend(monday));
        let change = |recorded| late_notice(FilingKind::OrganisationChange, monday, recorded);
        assert_eq!(change(Date::constant(2025, 9, 11)), None);
        assert!(change(Date::constant(2025, 9, 12)).is_some());
        // Before the law of 2023 no period is known here.
        let before = Date::constant(2024, 6, 1);
        assert_eq!(late_notice(FilingKind::OrganisationChange, before, monday), None);
    }
}
