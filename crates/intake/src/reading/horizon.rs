//! Until when: years, periods and yearly flows, as they are written in a sentence.

use super::coordination;
use super::number;
use super::token::{Kind, Tokens};
use super::unit::{self, Family};

/// A moment that the words name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// By the end of a year.
    Year(i32),
    /// From one year to another.
    Period(i32, i32),
    /// Each year.
    Yearly,
}

/// A moment and where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) when: When,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the words look ahead (`đến năm`), not only name the year.
    pub(super) ahead: bool,
}

const YEARLY: &[&str] = &["hằng năm", "hàng năm", "mỗi năm", "từng năm", "một năm"];

/// Words that make what is told for each year the rate of a period.
const MEANS: &[&str] = &["bình quân", "trung bình", "tốc độ", "nhịp độ"];

/// Words before a year that prices or a standard are those of.
const PRICES: &[&str] = &[
    "giá so sánh",
    "giá cố định",
    "giá hiện hành",
    "theo giá",
    "giá năm",
    "chuẩn nghèo",
    "theo chuẩn",
    "chuẩn mới",
    "tiêu chí",
];

const AHEAD: &[&str] = &[
    "đến",
    "đến năm",
    "tới năm",
    "đến hết năm",
    "đến cuối năm",
    "hết năm",
    "cuối năm",
    "trước năm",
    "vào năm",
    "trong năm",
    "đến tháng",
    "đến hết",
    "giai đoạn",
    "thời kỳ",
    "định hướng năm",
    "mục tiêu năm",
    "vào cuối năm",
    "tới",
    "kế hoạch năm",
];

/// All moments in a stretch, in their order. The years of a comparison (`gấp 2 lần năm 2010`, `so với năm 2020`), of a
/// baseline (`từ 7 triệu năm 2005`) and of documents are none.
pub(super) fn mentions(tokens: &Tokens, from: usize, to: usize) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut at = from;
    while at < to {
        if let Some(end) = tokens.any(at, YEARLY) {
            // "bình quân hằng năm" names a rate, whose end is the period's.
            let is_mean =
                tokens.last(at.saturating_sub(9).max(from), at, MEANS).is_some_and(|mean| {
                    !(mean..at).any(|at| matches!(tokens.word(at), ";" | "." | "," | ":"))
                }) && !counts_things(tokens, end, to);
            if !is_mean {
                mentions.push(Mention { when: When::Yearly, start: at, end, ahead: true });
            }
            at = end;
        } else if let Some(end) = coordination::document(tokens, at) {
            // "Quyết định số 170/2005/QĐ-TTg": the year of a document's number.
            at = end;
        } else if let Some(date) = date(tokens, at) {
            let start = at;
            at = date.end;
            let is_deadline = deadline(tokens, start, from) && !date.is_document;
            if let Some(year) = date.year.filter(|_| is_deadline) {
                mentions.push(Mention { when: When::Year(year), start, end: at, ahead: true });
            }
        } else if let Some((first, last, end)) = period(tokens, at) {
            // "Từ năm 2022 - 2025" is a period, "từ năm 2022" a baseline.
            let is_span = tokens.back(at, 1) == "năm" && tokens.back(at, 2) == "từ";
            if is_span || !is_baseline(tokens, at, from) {
                mentions.push(Mention {
                    when: When::Period(first, last),
                    start: at,
                    end,
                    ahead: true,
                });
            }
            at = end;
        } else if let Some(year) = number::year(tokens, at) {
            let named = tokens.before(at).is_some_and(|b| {
                matches!(tokens.word(b), "năm" | "đến" | "tới" | "hết" | "cuối" | "/")
            });
            // "2027: 9 xã; 2028: 12 xã" names years without the word.
            let opens = tokens.word(at + 1) == ":"
                && tokens.before(at).is_none_or(|b| {
                    b < from || matches!(tokens.word(b), ":" | ";" | "(" | "," | "-" | "+")
                });
            let begins = begins_then(tokens, at, from);
            if (named || opens) && (begins || !is_baseline(tokens, at, from)) {
                mentions.push(Mention {
                    when: When::Year(year),
                    start: at,
                    end: at + 1,
                    ahead: begins || looks_ahead(tokens, at, from) || leads_aim(tokens, at, to),
                });
            }
            at += 1;
        } else {
            at += 1;
        }
    }
    mentions
}

/// Whether the next number counts things: so many come each year, which is no rate of growth.
fn counts_things(tokens: &Tokens, from: usize, to: usize) -> bool {
    (from..to.min(from + 8))
        .take_while(|at| !matches!(tokens.word(*at), ";" | "." | ":"))
        .find(|at| tokens.is(*at, Kind::Number))
        .and_then(|at| {
            // "từ 18 - 20 hợp tác xã": the unit stands behind the second number.
            let joint = matches!(tokens.word(at + 1), "-" | "–" | "đến");
            let at = if joint && tokens.is(at + 2, Kind::Number) { at + 2 } else { at };
            unit::read(tokens, at + 1)
        })
        .is_some_and(|unit| unit.family == Family::Count && unit.scale <= 1.0)
}

/// Two years with a dash or `đến` between them. Gives the place behind.
pub(super) fn period(tokens: &Tokens, at: usize) -> Option<(i32, i32, usize)> {
    let first = number::year(tokens, at)?;
    let dash = tokens.skip_lines(at + 1);
    let joint = match tokens.word(dash) {
        "đến" | "tới" if tokens.word(dash + 1) == "năm" => dash + 2,
        "đến" | "tới" | "-" | "–" | "—" => dash + 1,
        _ => return None,
    };
    let joint = tokens.skip_lines(joint);
    let last = number::year(tokens, joint)?;
    (first < last).then_some((first, last, joint + 1))
}

/// A date as read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Date {
    pub(super) year: Option<i32>,
    pub(super) end: usize,
    /// Whether it is the date of a document.
    pub(super) is_document: bool,
}

/// A date: `30/9/2010`, `12/2009`, `22.7.2021`, `15 tháng 5 năm 2023`, `tháng 6 năm 2025`.
pub(super) fn date(tokens: &Tokens, at: usize) -> Option<Date> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Number)?;
    let small = |at: usize| {
        tokens.get(at).is_some_and(|t| {
            t.kind == Kind::Number
                && t.text.len() <= 2
                && t.text.chars().all(|c| c.is_ascii_digit())
        })
    };
    let is_document = matches!(tokens.back(at, 1), "ngày")
        && at.checked_sub(2).is_some_and(|at| {
            tokens.is(at, Kind::Word) && tokens.is_capital(at) || tokens.word(at) == ","
        });
    let dots: Vec<&str> = token.text.split('.').collect();
    if let [day, month, year] = dots.as_slice() {
        let plausible = day.len() <= 2 && month.len() <= 2 && year.len() == 4;
        return plausible.then(|| Date { year: year.parse().ok(), end: at + 1, is_document });
    }
    if !small(at) {
        return None;
    }
    let joined = |at: usize| matches!(tokens.word(at), "/" | "-") && tokens.is_glued(at);
    if joined(at + 1)
        && small(at + 2)
        && joined(at + 3)
        && let Some(year) = number::year(tokens, at + 4)
    {
        return Some(Date { year: Some(year), end: at + 5, is_document });
    }
    if joined(at + 1)
        && let Some(year) = number::year(tokens, at + 2)
    {
        return Some(Date { year: Some(year), end: at + 3, is_document });
    }
    let is_day = tokens.back(at, 1) == "ngày" || tokens.back(at, 1) == "tháng";
    if joined(at + 1) && small(at + 2) && is_day {
        return Some(Date { year: None, end: at + 3, is_document });
    }
    let month = if tokens.word(at + 1) == "tháng" && small(at + 2) {
        Some(at + 3)
    } else if tokens.back(at, 1) == "tháng" {
        Some(at + 1)
    } else {
        None
    }?;
    let year = (tokens.word(month) == "năm").then(|| number::year(tokens, month + 1)).flatten();
    Some(Date { year, end: if year.is_some() { month + 2 } else { month }, is_document })
}

/// Whether a date is one by which something is to be done.
fn deadline(tokens: &Tokens, at: usize, from: usize) -> bool {
    tokens.has(at.saturating_sub(3).max(from), at, &["trước", "đến", "hết", "chậm nhất", "trong"])
}

/// Whether a year is one that the number is compared with.
fn is_baseline(tokens: &Tokens, at: usize, from: usize) -> bool {
    let start = at.saturating_sub(4).max(from);
    let prices = tokens.last(at.saturating_sub(6).max(from), at, PRICES);
    if prices.is_some_and(|prices| !tokens.has(prices, at, &["đến", "vào", ",", ";", "(", ")"]))
    {
        return true;
    }
    if tokens.has(
        start,
        at,
        &[
            "so với",
            "so năm",
            "so cuối năm",
            "lần",
            "cùng kỳ",
            "của năm",
            "từ năm",
            "như năm",
            "kể từ",
        ],
    ) && !tokens.has(start, at, &["đến", "vào"])
    {
        return true;
    }
    // "theo Luật Hợp tác xã năm 2012": the year of a law.
    let law = tokens.last(at.saturating_sub(8).max(from), at, &["luật", "bộ luật", "pháp lệnh"]);
    if law.is_some_and(|law| {
        tokens.is_capital(law)
            && !(law..at).any(|at| {
                matches!(tokens.word(at), "," | ";" | "." | ":" | "(" | "đến" | "vào")
                    || tokens.is(at, Kind::Number)
            })
    }) {
        return true;
    }
    // "so với ước thực hiện năm 2025": what it is compared with may have a name.
    let compared = tokens.last(at.saturating_sub(9).max(from), at, &["so với"]);
    if compared.is_some_and(|compared| {
        !(compared..at).any(|at| {
            matches!(tokens.word(at), "," | ";" | "." | "(" | ")" | "đến" | "vào")
                || tokens.is(at, Kind::Number)
        })
    }) {
        return true;
    }
    // "từ 7 triệu năm 2005 lên": the year behind the first number of a way.
    let wide = at.saturating_sub(9).max(from);
    let leads = tokens.last(wide, at, &["từ"]);
    let goes_on = (at + 1..(at + 4)).any(|at| {
        matches!(tokens.word(at), "lên" | "xuống" | "tăng" | "giảm") || tokens.word(at) == "còn"
    });
    leads.is_some() && goes_on && !tokens.has(wide, at, &["đến năm"])
}

/// Words that a year stands behind where it is that of a plan.
const AIMED: &[&str] = &["chỉ tiêu", "mục tiêu", "nhiệm vụ", "kế hoạch"];

/// Whether the words of an aim lead to a year and what is aimed at follows: `Các chỉ tiêu chủ yếu năm 2024 là: …`.
pub(super) fn is_named_aim(tokens: &Tokens, at: usize, from: usize) -> bool {
    tokens.has(at.saturating_sub(10).max(from), at, AIMED)
        && (matches!(tokens.word(at + 1), ":" | "gồm") || tokens.word(at + 1) == "là")
}

/// Whether a year is the first of what holds from then on, at the head of a clause: `Từ năm 2027, 100% xe buýt …`.
fn begins_then(tokens: &Tokens, at: usize, from: usize) -> bool {
    let Some(first) = at.checked_sub(2).filter(|first| *first >= from) else { return false };
    let opens = first == from
        || tokens.before(first).is_none_or(|before| {
            before < from || matches!(tokens.word(before), "." | ";" | ":" | "-" | "+" | ",")
        });
    tokens.phrase(first, "từ năm").is_some() && tokens.word(at + 1) == "," && opens
}

/// Whether an aim follows a year in the same clause: `năm 2025 tỉnh phấn đấu …`.
fn leads_aim(tokens: &Tokens, at: usize, to: usize) -> bool {
    let near = (at + 8).min(to);
    let end = (at + 1..near)
        .find(|at| {
            matches!(tokens.word(*at), ";" | "." | ":" | "(") || tokens.is(*at, Kind::Number)
        })
        .unwrap_or(near);
    tokens.has(at + 1, end, &["phấn đấu", "đặt mục tiêu", "đề ra mục tiêu", "đặt chỉ tiêu"])
}

fn looks_ahead(tokens: &Tokens, at: usize, from: usize) -> bool {
    if is_named_aim(tokens, at, from) {
        return true;
    }
    (1..=4).any(|by| {
        at.checked_sub(by)
            .filter(|start| *start >= from)
            .and_then(|start| tokens.any(start, AHEAD))
            .is_some_and(|end| end == at || (tokens.word(end) == "năm" && end + 1 == at))
    })
}
