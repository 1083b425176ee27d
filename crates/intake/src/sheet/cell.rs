//! From what stands in a cell to what the form asks for: numbers with points and commas, dates in every habit, codes that
//! a spreadsheet took for numbers, yes and no.

use std::borrow::Cow;

use hoptac_model::date;
use hoptac_model::sheet::{CellKind, CellValue, Choice};
use hoptac_model::text::{Words, fold, nearest, nfc};
use jiff::civil::Date;

/// What a file says of a cell, before a form is laid over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'r> {
    /// Nothing stands there.
    Empty,
    /// Text.
    Text(&'r str),
    /// A number.
    Number(f64),
    /// A number that the file shows as a day: days since 30 December 1899.
    Serial(f64),
    /// A day that the file writes out.
    Day(Date),
    /// True or false.
    Truth(bool),
    /// An error that the spreadsheet computed, as `#REF!`.
    Fault(&'r str),
}

impl<'r> Raw<'r> {
    /// Whether nothing that counts stands there.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Serial(_) | Self::Day(_) | Self::Truth(_) | Self::Fault(_) => {
                false
            }
        }
    }

    /// What a person sees there.
    pub fn shown(&self) -> Cow<'r, str> {
        match *self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Fault(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(format!("{number}")),
            Self::Serial(serial) => {
                Cow::Owned(day_of_serial(serial).map_or_else(|| format!("{serial}"), show))
            }
            Self::Day(day) => Cow::Owned(show(day)),
            Self::Truth(truth) => Cow::Borrowed(if truth { "TRUE" } else { "FALSE" }),
        }
    }
}

/// What is wrong with a cell and what to write instead, or what was assumed in reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The rule, as `cell.not-a-number`.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: Words,
    /// What to do.
    pub remedy: Words,
}

/// A value that was read, with what was assumed where the cell could be read in two ways.
type Read = Result<(CellValue, Option<CellFault>), CellFault>;

/// Reads a cell that is not empty. `unit` is what one stands for in a column of money.
pub(crate) fn read(raw: Raw<'_>, kind: &CellKind, unit: i64) -> Read {
    if let Raw::Fault(fault) = raw {
        return Err(CellFault {
            rule: "cell.formula-error",
            problem: Words::new(
                format!("ô chứa lỗi công thức {fault}"),
                format!("the cell holds the error {fault} of a formula"),
            ),
            remedy: Words::new(
                "ghi giá trị thay cho công thức",
                "write the value instead of the formula",
            ),
        });
    }
    match kind {
        CellKind::Text(most) => text(raw, *most),
        CellKind::Code => code(raw),
        CellKind::Count => count(raw),
        CellKind::Tenths => tenths(raw),
        CellKind::Decimal => {
            number(raw).map(|(number, assumed)| (CellValue::Decimal(number), assumed))
        }
        CellKind::Money => money(raw, unit),
        CellKind::Day => day(raw),
        CellKind::Year => year(raw),
        CellKind::Flag => flag(raw),
        CellKind::Choice(choices) => choice(raw, choices),
    }
}

fn text(raw: Raw<'_>, most: usize) -> Read {
    let text = nfc(&raw.shown());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if length > most {
        return Err(CellFault {
            rule: "cell.too-long",
            problem: Words::new(
                format!("có {length} ký tự, tối đa {most}"),
                format!("it has {length} characters, at most {most} fit"),
            ),
            remedy: Words::new("rút ngắn nội dung", "shorten it"),
        });
    }
    if text.chars().any(char::is_control) {
        return Err(CellFault {
            rule: "cell.control-character",
            problem: Words::new("có ký tự điều khiển", "it holds a control character"),
            remedy: Words::new("gõ lại nội dung của ô", "type the cell anew"),
        });
    }
    Ok((CellValue::Text(text), None))
}

fn code(raw: Raw<'_>) -> Read {
    let written: String = match raw {
        Raw::Number(number) | Raw::Serial(number) => match whole(number) {
            // A spreadsheet that takes a code for a number drops the zero before it.
            Some(number) if (0..=9_999_999_999).contains(&number) => format!("{number:010}"),
            Some(number) => number.to_string(),
            None => return Err(bad_code(&raw.shown())),
        },
        Raw::Text(_) | Raw::Day(_) | Raw::Truth(_) | Raw::Fault(_) | Raw::Empty => {
            nfc(&raw.shown())
                .trim_start_matches('\'')
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '\u{a0}')
                .map(|c| if matches!(c, '–' | '—' | '‑') { '-' } else { c })
                .collect()
        }
    };
    if written.len() > 20 || !written.chars().all(|c| c.is_alphanumeric() || "-/.".contains(c)) {
        return Err(bad_code(&written));
    }
    Ok((CellValue::Text(written), None))
}

fn bad_code(written: &str) -> CellFault {
    CellFault {
        rule: "cell.not-a-code",
        problem: Words::new(
            format!("“{}” không phải là mã số", brief(written)),
            format!("`{}` is not a code", brief(written)),
        ),
        remedy: Words::new(
            "ghi mã số 10 chữ số, định dạng ô là văn bản",
            "write the 10 digits, with the cell formatted as text",
        ),
    }
}

fn count(raw: Raw<'_>) -> Read {
    let (number, assumed) = number(raw)?;
    let Some(value) = whole(number) else {
        return Err(CellFault {
            rule: "cell.not-whole",
            problem: Words::new(
                format!("“{}” không phải là số nguyên", brief(&raw.shown())),
                format!("`{}` is not a whole number", brief(&raw.shown())),
            ),
            remedy: Words::new("ghi số nguyên, ví dụ 14", "write a whole number, for example 14"),
        });
    };
    if value < 0 {
        return Err(CellFault {
            rule: "cell.negative",
            problem: Words::new("số âm ở nơi đếm số lượng", "a count is negative"),
            remedy: Words::new("ghi số từ 0 trở lên", "write a number from 0 up"),
        });
    }
    Ok((CellValue::Whole(value), assumed))
}

/// Points have one decimal: 85,5 is 855 tenths.
fn tenths(raw: Raw<'_>) -> Read {
    let (number, assumed) = number(raw)?;
    let tenths = (number * 10.0).round();
    match whole(tenths) {
        Some(value) if value >= 0 && (number * 10.0 - tenths).abs() < 1e-6 => {
            Ok((CellValue::Whole(value), assumed))
        }
        _ => Err(CellFault {
            rule: "cell.not-points",
            problem: Words::new(
                format!("“{}” không phải là điểm", brief(&raw.shown())),
                format!("`{}` is no number of points", brief(&raw.shown())),
            ),
            remedy: Words::new(
                "ghi số từ 0 trở lên, nhiều nhất một chữ số thập phân, ví dụ 85,5",
                "write a number from 0 up with at most one decimal, for example 85,5",
            ),
        }),
    }
}

/// Money may have decimals where its unit is larger than one đồng: 1,5 triệu đồng is a whole number of đồng.
fn money(raw: Raw<'_>, unit: i64) -> Read {
    let (number, assumed) = number(raw)?;
    #[expect(clippy::cast_precision_loss, reason = "a unit is at most a thousand million")]
    let value = number * unit as f64;
    // Sheets keep amounts as decimal fractions that binary numbers only come near to.
    let rounded = value.round();
    if (value - rounded).abs() > 1e-4 * value.abs().clamp(1.0, 1e4) {
        return Err(CellFault {
            rule: "cell.not-whole",
            problem: Words::new(
                format!("“{}” không ra số đồng nguyên", brief(&raw.shown())),
                format!("`{}` is no whole number of đồng", brief(&raw.shown())),
            ),
            remedy: Words::new(
                "kiểm tra số và đơn vị ghi trong tiêu đề cột",
                "check the number and the unit that the head of the column says",
            ),
        });
    }
    match whole(rounded) {
        Some(value) => Ok((CellValue::Whole(value), assumed)),
        None => Err(too_large(&raw.shown())),
    }
}

fn too_large(written: &str) -> CellFault {
    CellFault {
        rule: "cell.too-large",
        problem: Words::new(
            format!("“{}” quá lớn", brief(written)),
            format!("`{}` is too large", brief(written)),
        ),
        remedy: Words::new("kiểm tra số và đơn vị", "check the number and its unit"),
    }
}

fn year(raw: Raw<'_>) -> Read {
    let bad = || CellFault {
        rule: "cell.not-a-year",
        problem: Words::new(
            format!("“{}” không phải là năm", brief(&raw.shown())),
            format!("`{}` is not a year", brief(&raw.shown())),
        ),
        remedy: Words::new("ghi bốn chữ số, ví dụ 2025", "write four digits, for example 2025"),
    };
    let value = match raw {
        Raw::Number(number) => whole(number),
        Raw::Text(text) => fold(text).trim_start_matches("nam ").trim().parse().ok(),
        Raw::Day(day) => Some(i64::from(day.year())),
        Raw::Serial(serial) => day_of_serial(serial).map(|day| i64::from(day.year())),
        Raw::Truth(_) | Raw::Empty | Raw::Fault(_) => None,
    };
    value
        .filter(|year| (1900..=2200).contains(year))
        .map(|year| (CellValue::Whole(year), None))
        .ok_or_else(bad)
}

fn flag(raw: Raw<'_>) -> Read {
    let value = match raw {
        Raw::Truth(truth) => Some(truth),
        Raw::Number(number) if number.abs() < f64::EPSILON => Some(false),
        Raw::Number(number) if (number - 1.0).abs() < f64::EPSILON => Some(true),
        Raw::Text(text) => match fold(text).as_str() {
            "co" | "x" | "yes" | "y" | "true" | "1" | "dung" | "✓" | "v" => Some(true),
            "khong" | "ko" | "k" | "no" | "n" | "false" | "0" | "sai" | "-" => Some(false),
            _ => None,
        },
        Raw::Number(_) | Raw::Serial(_) | Raw::Day(_) | Raw::Empty | Raw::Fault(_) => None,
    };
    value.map(|flag| (CellValue::Whole(i64::from(flag)), None)).ok_or_else(|| CellFault {
        rule: "cell.not-a-flag",
        problem: Words::new(
            format!("“{}” không phải là có hoặc không", brief(&raw.shown())),
            format!("`{}` is neither yes nor no", brief(&raw.shown())),
        ),
        remedy: Words::new("ghi “có” hoặc “không”", "write `có` or `không`"),
    })
}

fn choice(raw: Raw<'_>, choices: &[Choice]) -> Read {
    let shown = raw.shown();
    let written = fold(&shown);
    let found = choices.iter().find(|choice| {
        let names = [&choice.code, &choice.words.vi, &choice.words.en];
        names.into_iter().chain(&choice.aliases).any(|name| fold(name) == written)
    });
    if let Some(choice) = found {
        return Ok((CellValue::Text(choice.code.clone()), None));
    }
    let offered: Vec<&str> = choices.iter().map(|choice| choice.words.vi.as_str()).collect();
    let meant = nearest(&shown, offered.iter().copied());
    let list = offered.join(", ");
    Err(CellFault {
        rule: "cell.not-a-choice",
        problem: Words::new(
            format!("“{}” không có trong danh sách: {list}", brief(&shown)),
            format!("`{}` is none of: {list}", brief(&shown)),
        ),
        remedy: match meant {
            Some(meant) => {
                Words::new(format!("có phải là “{meant}”?"), format!("is `{meant}` meant?"))
            }
            None => Words::new("chọn trong danh sách của ô", "choose from the list at the cell"),
        },
    })
}

fn day(raw: Raw<'_>) -> Read {
    let bad = |why: Words| CellFault {
        rule: "cell.not-a-day",
        problem: Words::new(
            format!("“{}” không phải là ngày{}", brief(&raw.shown()), why.vi),
            format!("`{}` is not a day{}", brief(&raw.shown()), why.en),
        ),
        remedy: Words::new(
            "ghi ngày/tháng/năm, ví dụ 15/5/2023",
            "write day/month/year, for example 15/5/2023",
        ),
    };
    let found = match raw {
        Raw::Day(day) => Ok((day, None)),
        Raw::Serial(serial) => {
            day_of_serial(serial).map(|day| (day, None)).ok_or_else(Words::default)
        }
        // A day whose cell lost its format: 36,526 is 1 January 2000, 60,000 lies in 2064.
        Raw::Number(number) if (20_000.0..60_000.0).contains(&number) => day_of_serial(number)
            .map(|day| (day, Some(assumed_day(day))))
            .ok_or_else(Words::default),
        Raw::Text(text) => written_day(text),
        Raw::Number(_) | Raw::Truth(_) | Raw::Empty | Raw::Fault(_) => Err(Words::default()),
    };
    match found {
        Ok((day, assumed)) if (1900..=2200).contains(&day.year()) => {
            Ok((CellValue::Day(day), assumed))
        }
        Ok(_) => Err(bad(Words::default())),
        Err(why) => Err(bad(why)),
    }
}

fn assumed_day(day: Date) -> CellFault {
    CellFault {
        rule: "cell.day-assumed",
        problem: Words::new(
            format!("đã hiểu là ngày {}", show(day)),
            format!("taken for {}", show(day)),
        ),
        remedy: Words::new(
            "kiểm tra lại và ghi đủ ngày/tháng/năm",
            "check it and write day/month/year in full",
        ),
    }
}

/// `15/5/2023`, `15-5-2023`, `15.5.23`, `2023-05-15`, `ngày 15 tháng 5 năm 2023`, each with an hour behind it or without.
fn written_day(text: &str) -> Result<(Date, Option<CellFault>), Words> {
    let folded = fold(text);
    let folded = folded.trim_start_matches("ngay ").replace(" thang ", "/").replace(" nam ", "/");
    let first = folded.split([' ', 't', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = first.split(['/', '-', '.']).collect();
    let [one, two, three] = parts.as_slice() else { return Err(Words::default()) };
    let number = |part: &str| -> Result<i16, Words> {
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Words::default());
        }
        part.parse().map_err(|_| Words::default())
    };
    let (one, two, three_read) = (number(one)?, number(two)?, number(three)?);
    let (year, month, of_month, short) = match (parts.first().map(|part| part.len()), three.len()) {
        (Some(4), _) => (one, two, three_read, false),
        (_, 4) => (three_read, two, one, false),
        (_, 2) => (2000 + three_read - if three_read > 60 { 100 } else { 0 }, two, one, true),
        _ => return Err(Words::default()),
    };
    let (Ok(month), Ok(of_month)) = (i8::try_from(month), i8::try_from(of_month)) else {
        return Err(Words::default());
    };
    if !(1..=12).contains(&month) {
        return Err(Words::new(
            format!(": không có tháng {month}"),
            format!(": there is no month {month}"),
        ));
    }
    if let Ok(day) = Date::new(year, month, of_month) {
        return Ok((day, short.then(|| assumed_day(day))));
    }
    let last = Date::new(year, month, 1).map_or(31, Date::days_in_month);
    Err(Words::new(
        format!(": tháng {month}/{year} có {last} ngày"),
        format!(": month {month} of {year} has {last} days"),
    ))
}

/// A number, from a cell that holds one or from text that a person typed as one.
fn number(raw: Raw<'_>) -> Result<(f64, Option<CellFault>), CellFault> {
    let found = match raw {
        Raw::Number(number) | Raw::Serial(number) => Some((number, false)),
        Raw::Text(text) => written_number(text),
        Raw::Day(_) | Raw::Truth(_) | Raw::Empty | Raw::Fault(_) => None,
    };
    match found {
        Some((number, _)) if !number.is_finite() => Err(too_large(&raw.shown())),
        Some((number, false)) => Ok((number, None)),
        Some((number, true)) => Ok((
            number,
            Some(CellFault {
                rule: "cell.number-assumed",
                problem: Words::new(
                    format!(
                        "“{}” đã hiểu là {}",
                        brief(&raw.shown()),
                        hoptac_model::number::plain(number, hoptac_model::text::Language::Vi)
                    ),
                    format!(
                        "`{}` was taken for {}",
                        brief(&raw.shown()),
                        hoptac_model::number::plain(number, hoptac_model::text::Language::En)
                    ),
                ),
                remedy: Words::new(
                    "kiểm tra lại; ghi số thật, không ghi số dưới dạng văn bản",
                    "check it, and write a number, not text that looks like one",
                ),
            }),
        )),
        None => Err(CellFault {
            rule: "cell.not-a-number",
            problem: Words::new(
                format!("“{}” không phải là số", brief(&raw.shown())),
                format!("`{}` is not a number", brief(&raw.shown())),
            ),
            remedy: Words::new(
                "chỉ ghi số, đơn vị để ở tiêu đề cột",
                "write the number alone; its unit belongs into the head",
            ),
        }),
    }
}

/// The number in a text, and whether it could be read in another way too. Points and commas before groups of three digits
/// are thousands, as in `10.500` and `10,500`; a single one before any other count of digits is the decimal point.
fn written_number(text: &str) -> Option<(f64, bool)> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\'').collect();
    let (negative, digits) = match text.strip_prefix(['-', '–', '−']) {
        Some(rest) => (true, rest),
        // Accountants write a loss in brackets.
        None => match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        },
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
        return None;
    }
    let marks: Vec<(usize, char)> =
        digits.char_indices().filter(|(_, c)| *c == '.' || *c == ',').collect();
    let (plain, doubtful) = match marks.as_slice() {
        [] => (digits.to_owned(), false),
        [(at, mark)] => {
            let behind = digits.len() - at - 1;
            if behind == 3 && *at <= 3 && *at > 0 && !digits.starts_with('0') {
                // The point of thousands is Vietnamese writing, the comma is another habit's.
                (digits.replace(*mark, ""), *mark == ',')
            } else {
                (digits.replace(*mark, "."), false)
            }
        }
        [.., (_, last)] => {
            let first = marks.first().map(|(_, mark)| *mark)?;
            let fraction = if first == *last { None } else { digits.rfind(*last) };
            let whole = fraction.map_or(digits, |at| digits.get(..at).unwrap_or_default());
            let mut groups = whole.split(first);
            let lead = groups.next().unwrap_or_default();
            if lead.is_empty() || lead.len() > 3 || !groups.all(|group| group.len() == 3) {
                return None;
            }
            let mut plain = whole.replace(first, "");
            if let Some(at) = fraction {
                plain.push('.');
                plain.push_str(digits.get(at + 1..)?);
            }
            (plain, false)
        }
    };
    let number: f64 = plain.parse().ok()?;
    Some((if negative { -number } else { number }, doubtful))
}

/// The whole number that a float is, where it is one that floats hold exactly.
fn whole(number: f64) -> Option<i64> {
    if number.fract().abs() > 1e-9 || number.abs() > 9_007_199_254_740_992.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it lies between the whole numbers that floats hold exactly"
    )]
    Some(number.round() as i64)
}

/// The day of a serial number, counted from 30 December 1899 as spreadsheets do.
pub(crate) fn day_of_serial(serial: f64) -> Option<Date> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it was checked to lie below three million"
    )]
    let days = serial.floor() as i64;
    // Spreadsheets believe that 1900 had a 29 February; before it their count is one ahead.
    let days = if days < 60 { days + 1 } else { days };
    Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()
}

fn show(day: Date) -> String {
    date::show(day, hoptac_model::text::Language::Vi)
}

/// At most forty characters of what was written.
fn brief(text: &str) -> String {
    let mut brief: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().nth(40).is_some() {
        brief.push('…');
    }
    brief
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: Raw<'_>, kind: &CellKind, want: &str) {
        check_in(raw, kind, 1, want);
    }

    #[track_caller]
    fn check_in(raw: Raw<'_>, kind: &CellKind, unit: i64, want: &str) {
        let got = match read(raw, kind, unit) {
            Ok((CellValue::Text(text), _)) => text,
            Ok((CellValue::Decimal(number), _)) => number.to_string(),
            Ok((CellValue::Whole(value), None)) => value.to_string(),
            Ok((CellValue::Whole(value), Some(assumed))) => format!("{value} ({})", assumed.rule),
            Ok((CellValue::Day(day), None)) => day.to_string(),
            Ok((CellValue::Day(day), Some(assumed))) => format!("{day} ({})", assumed.rule),
            Err(fault) => format!("{}: {}", fault.rule, fault.problem.vi),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn a_number_with_decimals_of_either_sign() {
        check_in(Raw::Number(14.25), &CellKind::Decimal, 1, "14.25");
        check_in(Raw::Text("-14,25"), &CellKind::Decimal, 1, "-14.25");
        check_in(Raw::Text("14,1230"), &CellKind::Decimal, 1, "14.123");
    }
    #[test]
    fn a_number_is_a_number() {
        check(Raw::Number(14.0), &CellKind::Count, "14");
    }
    #[test]
    fn points_group_thousands() {
        check(Raw::Text("10.500"), &CellKind::Count, "10500");
        check(Raw::Text("1.250.000.000"), &CellKind::Money, "1250000000");
    }
    #[test]
    fn commas_group_thousands_with_a_doubt() {
        check(Raw::Text("10,500"), &CellKind::Count, "10500 (cell.number-assumed)");
        check(Raw::Text("1,250,000"), &CellKind::Money, "1250000");
    }
    #[test]
    fn blanks_group_thousands() {
        check(Raw::Text("10 500\u{a0}"), &CellKind::Count, "10500");
    }
    #[test]
    fn both_marks_tell_each_other_apart() {
        check_in(Raw::Text("1.234,5"), &CellKind::Money, 1_000_000, "1234500000");
        check_in(Raw::Text("1,234.5"), &CellKind::Money, 1_000_000, "1234500000");
    }
    #[test]
    fn a_unit_multiplies() {
        check_in(Raw::Number(1.5), &CellKind::Money, 1_000_000, "1500000");
        check_in(Raw::Text("0,3"), &CellKind::Money, 1_000_000_000, "300000000");
    }
    #[test]
    fn a_loss_in_brackets() {
        check(Raw::Text("(1.200)"), &CellKind::Money, "-1200");
    }
    #[test]
    fn half_a_member_is_no_member() {
        check(
            Raw::Text("14,5"),
            &CellKind::Count,
            "cell.not-whole: “14,5” không phải là số nguyên",
        );
    }
    #[test]
    fn units_do_not_belong_into_cells() {
        check(
            Raw::Text("1.234,5 tr"),
            &CellKind::Money,
            "cell.not-a-number: “1.234,5 tr” không phải là số",
        );
    }
    #[test]
    fn crooked_groups_are_no_number() {
        check(
            Raw::Text("1.23.456"),
            &CellKind::Count,
            "cell.not-a-number: “1.23.456” không phải là số",
        );
    }
    #[test]
    fn codes_keep_their_zero() {
        check(Raw::Number(100_233_488.0), &CellKind::Code, "0100233488");
        check(Raw::Text(" 0314409058–002"), &CellKind::Code, "0314409058-002");
    }
    #[test]
    fn days_in_many_habits() {
        for text in [
            "15/5/2023",
            "15-05-2023",
            "15.5.2023",
            "2023-05-15",
            "ngày 15 tháng 5 năm 2023",
            "15/05/2023 00:00:00",
        ] {
            check(Raw::Text(text), &CellKind::Day, "2023-05-15");
        }
        check(Raw::Serial(45061.0), &CellKind::Day, "2023-05-15");
        check(Raw::Number(45061.0), &CellKind::Day, "2023-05-15 (cell.day-assumed)");
        check(Raw::Text("15/5/23"), &CellKind::Day, "2023-05-15 (cell.day-assumed)");
    }
    #[test]
    fn days_that_do_not_exist() {
        check(
            Raw::Text("31/02/2015"),
            &CellKind::Day,
            "cell.not-a-day: “31/02/2015” không phải là ngày: tháng 2/2015 có 28 ngày",
        );
        check(
            Raw::Text("5/15/2023"),
            &CellKind::Day,
            "cell.not-a-day: “5/15/2023” không phải là ngày: không có tháng 15",
        );
        check(Raw::Text("2023"), &CellKind::Day, "cell.not-a-day: “2023” không phải là ngày");
    }
    #[test]
    fn yes_and_no() {
        for yes in ["có", "Có", "x", "X", "1"] {
            check(Raw::Text(yes), &CellKind::Flag, "1");
        }
        check(Raw::Text("Không"), &CellKind::Flag, "0");
        check(Raw::Truth(true), &CellKind::Flag, "1");
        check(
            Raw::Text("có lẽ"),
            &CellKind::Flag,
            "cell.not-a-flag: “có lẽ” không phải là có hoặc không",
        );
    }
    #[test]
    fn errors_of_formulas_are_said() {
        check(
            Raw::Fault("#REF!"),
            &CellKind::Count,
            "cell.formula-error: ô chứa lỗi công thức #REF!",
        );
    }
    #[test]
    fn the_first_days_of_1900() {
        assert_eq!(day_of_serial(1.0), Some(Date::constant(1900, 1, 1)));
        assert_eq!(day_of_serial(61.0), Some(Date::constant(1900, 3, 1)));
    }
}
