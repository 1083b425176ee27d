//! Parameters of addresses: each is declared once, and the declaration is what reads it, refuses it and describes it.

use hoptac_model::text::{Words, did_you_mean, few, nearest};
use hoptac_model::words;
use jiff::civil::Date;
use serde_json::{Value, json};

/// A parameter of the address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What it asks, in Vietnamese and in English.
    pub(crate) about: (&'static str, &'static str),
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A civil date, `2025-12-31`.
    Day,
    /// A whole number.
    Whole { least: i64, most: i64 },
    /// `true` or `false`.
    Flag,
    /// Text of so many letters at most.
    Text { most: usize },
    /// One word of a list.
    OneOf(fn() -> Vec<&'static str>),
    /// Names of fields of what is listed, between commas.
    Fields,
    /// An identity.
    Uuid,
    /// What an answer before gave.
    Cursor,
}

impl Parameter {
    /// The schema of its value; `fields` are the names that can be chosen.
    pub(crate) fn schema(&self, fields: &[String]) -> Value {
        match self.kind {
            Kind::Day => {
                json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
            }
            Kind::Whole { least, most } => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Text { most } => json!({ "type": "string", "minLength": 1, "maxLength": most }),
            Kind::OneOf(words) => json!({ "type": "string", "enum": words() }),
            Kind::Fields => json!({
                "type": "array", "items": { "type": "string", "enum": fields }, "minItems": 1, "uniqueItems": true,
            }),
            Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
            Kind::Cursor => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{8,120}$" }),
        }
    }

    /// Whether a value can be read.
    pub(crate) fn check(&self, value: &str, fields: &dyn Fn() -> Vec<String>) -> Result<(), Words> {
        let shown = few(value);
        match self.kind {
            Kind::Day => day(value).map(|_| ()).ok_or_else(|| {
                words!(
                    "`{shown}` không phải là ngày dương lịch; ghi năm-tháng-ngày, ví dụ 2025-12-31",
                    "`{shown}` is no date; write year-month-day, for instance 2025-12-31",
                    shown
                )
            }),
            Kind::Whole { least, most } => match whole(value) {
                Some(number) if (least..=most).contains(&number) => Ok(()),
                _ => Err(words!(
                    "`{shown}` không phải là số nguyên từ {least} đến {most}",
                    "`{shown}` is no whole number from {least} to {most}",
                    shown,
                    least = least.to_string(),
                    most = most.to_string()
                )),
            },
            Kind::Flag if matches!(value, "true" | "false") => Ok(()),
            Kind::Flag => Err(words!(
                "`{shown}` không phải là true hoặc false",
                "`{shown}` is neither true nor false",
                shown
            )),
            Kind::Text { most } if !value.is_empty() && value.chars().count() <= most => Ok(()),
            Kind::Text { most } => {
                Err(words!("cần từ 1 đến {most} chữ", "write 1 to {most} letters", most))
            }
            Kind::OneOf(words) => one_of(value, &words()),
            Kind::Fields => {
                let known = fields();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let names: Vec<&str> = value.split(',').collect();
                names.iter().try_for_each(|name| one_of(name, &known))?;
                let twice = names
                    .iter()
                    .enumerate()
                    .find(|(at, name)| names.iter().take(*at).any(|earlier| earlier == *name));
                match twice {
                    None => Ok(()),
                    Some((_, name)) => Err(words!(
                        "trường `{name}` xuất hiện hai lần",
                        "the field `{name}` comes twice",
                        name = *name
                    )),
                }
            }
            Kind::Uuid => match uuid::Uuid::try_parse(value) {
                Ok(id) if id.as_hyphenated().to_string() == value.to_ascii_lowercase() => Ok(()),
                _ => Err(words!(
                    "`{shown}` không phải là định danh dạng UUID",
                    "`{shown}` is no identity in the form of a UUID",
                    shown
                )),
            },
            Kind::Cursor => Ok(()),
        }
    }
}

/// A day as it is written here, and in no other way.
pub(crate) fn day(text: &str) -> Option<Date> {
    let is_written_so = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let day = is_written_so.then(|| text.parse::<Date>().ok()).flatten()?;
    (day.year() > 0).then_some(day)
}

/// A whole number as JSON has them: no plus, no needless zero.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn one_of(value: &str, known: &[&str]) -> Result<(), Words> {
    if known.contains(&value) {
        return Ok(());
    }
    let remedy = nearest(value, known.iter().copied()).map_or_else(
        || words!("hãy chọn trong {all}", "choose from {all}", all = known.join(", ")),
        did_you_mean,
    );
    Err(words!(
        "không có `{shown}`; {remedy}",
        "there is no `{shown}`; {remedy}",
        shown = few(value),
        remedy
    ))
}

/// The day whose state is asked.
pub(crate) const AS_OF: Parameter = Parameter {
    name: "as_of",
    kind: Kind::Day,
    about: (
        "Hiện trạng của ngày này; mặc định là hôm nay.",
        "The state of this day; today where it is not given.",
    ),
};
/// Up to which day filings are known.
pub(crate) const KNOWN_ON: Parameter = Parameter {
    name: "known_on",
    kind: Kind::Day,
    about: (
        "Theo những gì đã ghi vào sổ cái đến hết ngày này (giờ Việt Nam).",
        "By what had been recorded in the ledger by the end of this day, in Viet Nam.",
    ),
};
/// The day whose places are meant.
pub(crate) const GEOGRAPHY: Parameter = Parameter {
    name: "geography",
    kind: Kind::Day,
    about: (
        "Địa giới của ngày này; mặc định theo kế hoạch và cấp đơn vị được hỏi.",
        "The administrative units of this day; by the plan and the level that is asked where it is not given.",
    ),
};
/// The unit.
pub(crate) const UNIT: Parameter = Parameter {
    name: "unit",
    kind: Kind::Text { most: 40 },
    about: (
        "Đơn vị hành chính, bằng mã hoặc định danh; mặc định là đơn vị của kế hoạch.",
        "The administrative unit, by code or identity; the unit of the plan where it is not given.",
    ),
};
/// The level of units side by side.
pub(crate) const LEVEL: Parameter = Parameter {
    name: "level",
    kind: Kind::OneOf(|| vec!["province", "district", "commune"]),
    about: (
        "Cấp của các đơn vị được liệt kê; không ghi thì chỉ lấy chính đơn vị được hỏi.",
        "The level of the units that are listed; the unit itself alone where it is not given.",
    ),
};
/// How many at once.
pub(crate) const LIMIT: Parameter = Parameter {
    name: "limit",
    kind: Kind::Whole { least: 1, most: 2000 },
    about: (
        "Số mục mỗi trang, mặc định 50.",
        "How many items a page has; 50 where it is not given.",
    ),
};
/// Where to go on.
pub(crate) const CURSOR: Parameter = Parameter {
    name: "cursor",
    kind: Kind::Cursor,
    about: (
        "Con trỏ mà trang trước trả về ở `next_cursor`; các tham số khác giữ nguyên. Dùng được trong một giờ, và mọi trang cùng \
         một trạng thái sổ cái.",
        "What the page before gave as `next_cursor`, with all other parameters unchanged. It works for an hour, and all \
         pages show the same state of the ledger.",
    ),
};
/// Whether the total is wanted.
pub(crate) const TOTAL: Parameter = Parameter {
    name: "total",
    kind: Kind::Flag,
    about: ("`true` để nhận cả tổng số mục.", "`true` to be told how many there are in all."),
};
/// Which fields are wanted.
pub(crate) const FIELDS: Parameter = Parameter {
    name: "fields",
    kind: Kind::Fields,
    about: (
        "Chỉ lấy các trường này của mỗi mục, cách nhau bằng dấu phẩy.",
        "Only these fields of each item, between commas.",
    ),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, value: &str, want: bool) {
        let parameter = Parameter { name: "x", kind, about: ("", "") };
        let fields = || vec!["id".to_owned(), "name".to_owned()];
        assert_eq!(parameter.check(value, &fields).is_ok(), want, "{value}");
    }

    #[test]
    fn days_are_written_in_one_way() {
        check(Kind::Day, "2025-12-31", true);
        for wrong in [
            "31/12/2025",
            "2025-02-30",
            "20251231",
            "2025-12-31T00:00:00",
            "-002025-12-31",
            "0000-01-01",
            "2568-13-01",
            "",
        ] {
            check(Kind::Day, wrong, false);
        }
    }
    #[test]
    fn numbers_are_whole_and_within_their_bounds() {
        let kind = Kind::Whole { least: 1, most: 500 };
        check(kind, "500", true);
        for wrong in ["0", "501", "1.0", "+1", "01", "1e2", "NaN", "", "99999999999999999999"] {
            check(kind, wrong, false);
        }
    }
    #[test]
    fn fields_are_those_of_what_is_listed() {
        check(Kind::Fields, "id,name", true);
        check(Kind::Fields, "id,nmae", false);
        check(Kind::Fields, "id,id", false);
        check(Kind::Fields, "", false);
    }
    #[test]
    fn an_identity_is_written_with_its_dashes() {
        check(Kind::Uuid, "01890000-0000-7000-8000-000000000001", true);
        check(Kind::Uuid, "0189000000007000800000000000000001", false);
        check(Kind::Uuid, "{01890000-0000-7000-8000-000000000001}", false);
    }
}
