//! `law.toml`: what the law asks, as dated rows.

use hoptac_model::filing::FilingKind;
use hoptac_model::law::{
    Conversion, Foreign, Ground, Law, Limit, Minimum, Needs, Notice, Origin, Size, Step, Threshold,
    Verified,
};
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::words;

use crate::file::quote;
use crate::pack::toml::{Table, unknown_word};

/// More than any law asks, so that a slip of the pen shows.
const MEMBERS_MAX: i64 = 100_000;
const MONEY_MAX: i64 = 1_000_000_000_000_000;

/// The rows of a law.
pub(crate) fn read(root: &Table<'_>) -> Law {
    let law = Law {
        minimum: rows(root, "minimum", read_minimum),
        foreign: rows(root, "foreign", read_foreign),
        conversion: rows(root, "conversion", read_conversion),
        notice: rows(root, "notice", read_notice),
        size: rows(root, "size", read_size),
        limit: rows(root, "limit", read_limit),
        step: rows(root, "step", read_step),
    };
    root.finish();
    law
}

/// Reads `[[key]]`; of two rows about the same thing from the same day, which holds would be chance.
fn rows<T>(
    root: &Table<'_>,
    key: &str,
    read: impl Fn(&Table<'_>, Origin) -> Option<(String, T)>,
) -> Vec<T> {
    let mut seen = Vec::new();
    let mut rows = Vec::new();
    for table in root.tables(key, &words!("dòng `{key}`", "{key}", key)) {
        let valid_from = table.may("valid_from").date();
        let source = table.must("source").text();
        let verified = table.must("verified").word(&Verified::ALL.map(Verified::code));
        let verified = verified.and_then(|index| Verified::ALL.get(index).copied());
        let origin = Origin {
            valid_from,
            source: source.clone().unwrap_or_default(),
            verified: verified.unwrap_or(Verified::Recalled),
        };
        let row = read(&table, origin);
        table.finish();
        let Some((about, row)) = row.filter(|_| source.is_some() && verified.is_some()) else {
            continue;
        };
        if seen.contains(&(about.clone(), valid_from)) {
            let problem = words!(
                "một dòng khác cũng quy định về {about} từ cùng ngày",
                "another row speaks of {about} from the same day",
                about = quote(&about)
            );
            let remedy = words!("giữ lại một trong hai dòng", "keep one of the two rows");
            table.error("valid_from", "pack.law-twice", problem, remedy);
        }
        seen.push((about, valid_from));
        rows.push(row);
    }
    rows
}

fn read_minimum(table: &Table<'_>, origin: Origin) -> Option<(String, Minimum)> {
    let kind = table.must("kind").word(&Kind::ALL.map(Kind::code));
    let members = table.must("members").count(1, MEMBERS_MAX);
    let kind = *Kind::ALL.get(kind?)?;
    Some((kind.code().to_owned(), Minimum { kind, members: members?, origin }))
}

fn read_foreign(table: &Table<'_>, origin: Origin) -> Option<(String, Foreign)> {
    let below_percent = table.must("below_percent").count(0, 100)?;
    Some(("foreign".to_owned(), Foreign { below_percent, origin }))
}

fn read_conversion(table: &Table<'_>, origin: Origin) -> Option<(String, Conversion)> {
    let months = table.must("months").count(0, 1200)?;
    Some(("conversion".to_owned(), Conversion { months, origin }))
}

fn read_notice(table: &Table<'_>, origin: Origin) -> Option<(String, Notice)> {
    let filing = filing(table);
    let days_after = table.may("days_after").count(0, 3660);
    let working_days_before = table.may("working_days_before").count(0, 3660);
    if days_after.is_some() == working_days_before.is_some() {
        table.error(
            "filing",
            "pack.law-notice",
            words!(
                "thông báo được gửi một số ngày sau khi thay đổi, hoặc một số ngày làm việc trước đó",
                "a notice is given some days after a change or some working days before it"
            ),
            words!(
                "chỉ ghi days_after hoặc working_days_before",
                "write either days_after or working_days_before"
            ),
        );
        return None;
    }
    let filing = filing?;
    let notice = Notice { filing, days_after, working_days_before, origin };
    Some((filing.code().to_owned(), notice))
}

fn read_size(table: &Table<'_>, origin: Origin) -> Option<(String, Threshold)> {
    let sections = table.must("sections").text();
    let size = table.must("size").word(&Size::ROWS.map(Size::code));
    let members = table.may("members").count(1, MEMBERS_MAX);
    let revenue = table.may("revenue").count(0, MONEY_MAX);
    let capital = table.may("capital").count(0, MONEY_MAX);
    let needs = match (members, revenue, capital) {
        (Some(members), Some(revenue), Some(capital)) => Some(Needs { members, revenue, capital }),
        (None, None, None) => None,
        _ => {
            table.error(
                "size",
                "pack.law-size",
                words!(
                    "mỗi quy mô có đủ số thành viên, doanh thu và vốn, hoặc để trống cả ba khi chưa biết",
                    "a size has figures for members, revenue and capital, or none where they are not at hand"
                ),
                words!(
                    "điền đủ dòng này, hoặc bỏ các số của dòng",
                    "complete the row, or take its figures out"
                ),
            );
            return None;
        }
    };
    let (sections, size) = (sections?, *Size::ROWS.get(size?)?);
    if !sections.chars().all(|letter| ('A'..='U').contains(&letter)) {
        let problem = words!(
            "{sections} không phải là các ngành kinh tế cấp 1",
            "{sections} are not sections of the economy",
            sections = quote(&sections)
        );
        let remedy = words!("hãy ghi các chữ cái từ A đến U", "write letters from A to U");
        table.error("sections", "pack.law-sections", problem, remedy);
    }
    let about = format!("{sections} {}", size.code());
    Some((about, Threshold { sections, size, needs, origin }))
}

fn read_limit(table: &Table<'_>, origin: Origin) -> Option<(String, Limit)> {
    let what = table.must("what").word(&Ground::ALL.map(Ground::code));
    let months = table.must("months").count(1, 1200);
    let rule = table.words("rule");
    let what = *Ground::ALL.get(what?)?;
    Some((what.code().to_owned(), Limit { what, months: months?, rule: rule?, origin }))
}

fn read_step(table: &Table<'_>, origin: Origin) -> Option<(String, Step)> {
    let filing = filing(table);
    let kinds = words(table, "kinds", Kind::from_code, &Kind::ALL.map(Kind::code));
    let statuses = Status::ALL.map(Status::code);
    let from_statuses = words(table, "from_statuses", Status::from_code, &statuses);
    let to_statuses = words(table, "to_statuses", Status::from_code, &statuses);
    let rule = table.words("rule");
    let filing = filing?;
    let step = Step { filing, kinds, from_statuses, to_statuses, rule: rule?, origin };
    Some((filing.code().to_owned(), step))
}

/// `filing = "organisation.suspend"`.
fn filing(table: &Table<'_>) -> Option<FilingKind> {
    let codes: Vec<&'static str> = FilingKind::ALL.iter().map(|kind| kind.code()).collect();
    let index = table.must("filing").word(&codes)?;
    FilingKind::ALL.get(index).copied()
}

/// A list of words.
fn words<T>(
    table: &Table<'_>,
    key: &str,
    from_code: impl Fn(&str) -> Option<T>,
    known: &[&'static str],
) -> Vec<T> {
    let written = table.must(key).texts();
    let mut values = Vec::new();
    for (word, span) in written {
        match from_code(&word) {
            Some(value) => values.push(value),
            None => unknown_word(table, span, key, &word, known),
        }
    }
    values
}
