//! Bodies read strictly: what other readers let pass and read in two ways is said instead: names that come twice, numbers that
//! do not fit, nesting without end.

use std::fmt;

use hoptac_model::finding::{Finding, Place};
use hoptac_model::text::Words;
use hoptac_model::words;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep objects and lists may lie in one another. The deepest filing has seven.
const DEEPEST: usize = 32;

/// Reads a body, or says the first thing that keeps it from being read.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Box<Finding>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Box::new(Finding::field(
            "body.utf8",
            "body",
            words!("nội dung không phải là văn bản UTF-8", "the body is no UTF-8 text"),
            words!("gửi JSON mã hóa UTF-8", "send JSON in UTF-8"),
        )));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict { depth: 0 }.deserialize(&mut reader);
    read.and_then(|value| reader.end().map(|()| value)).map_err(|error| Box::new(said(&error)))
}

/// What is wrong, with its line.
fn said(error: &serde_json::Error) -> Finding {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let (code, message, remedy) = if let Some(name) = told.strip_prefix(TWICE) {
        (
            "body.duplicate",
            words!(
                "tên `{name}` xuất hiện hai lần trong cùng một đối tượng",
                "the name `{name}` comes twice in one object",
                name
            ),
            words!("chỉ giữ lại một", "keep only one of them"),
        )
    } else if told == DEEP || told.starts_with("recursion limit") {
        (
            "body.deep",
            words!(
                "nội dung lồng nhau quá {most} cấp",
                "the body is nested deeper than {most}",
                most = DEEPEST
            ),
            words!("đối chiếu với lược đồ của nội dung này", "compare it with its schema"),
        )
    } else if error.is_eof() {
        (
            "body.truncated",
            words!("nội dung JSON bị cắt cụt", "the JSON ends before it is complete"),
            words!("gửi lại toàn bộ nội dung", "send the whole of it again"),
        )
    } else {
        (
            "body.json",
            words!("nội dung không phải là JSON: {told}", "the body is not JSON: {told}", told),
            words!(
                "để phần mềm tạo JSON; NaN, vô cực và số quá lớn không viết được trong JSON",
                "let a program write it; there is no NaN, no infinity and no number beyond its range in JSON"
            ),
        )
    };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let place = Place {
        file: String::new(),
        line: number(error.line()),
        column: number(error.column()),
        length: 0,
        excerpt: String::new(),
    };
    let mut finding = Finding::field(code, "body", message, remedy);
    finding.place = Some(place);
    finding
}

/// How the reader below says that a name comes twice.
const TWICE: &str = "twice: ";
/// How it says that something lies too deep.
const DEEP: &str = "too deep";

struct Strict {
    depth: usize,
}

impl Strict {
    fn below<E: Error>(&self) -> Result<Self, E> {
        if self.depth >= DEEPEST {
            Err(E::custom(DEEP))
        } else {
            Ok(Self { depth: self.depth + 1 })
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number beyond its range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.below()?)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if object.contains_key(&name) {
                let short: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format!("{TWICE}{short}")));
            }
            let value = fields.next_value_seed(self.below()?)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// The sentence of a body that should be an object.
pub(crate) fn no_object() -> Words {
    words!("nội dung phải là một đối tượng JSON", "the body must be a JSON object")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, code: &str) {
        let finding = read(body.as_bytes()).unwrap_err();
        assert_eq!(finding.code, code, "{}", finding.message.en);
    }

    #[test]
    fn what_is_fine_is_read_as_it_stands() {
        let body = r#"{"a": [1, -2, 0.5, null, true, "ộ"], "b": {"a": 18446744073709551615}}"#;
        let want: Value = serde_json::from_str(body).unwrap();
        assert_eq!(read(body.as_bytes()).unwrap(), want);
        assert_eq!(read("\u{feff}{}".as_bytes()).unwrap(), serde_json::json!({}));
    }
    #[test]
    fn a_name_that_comes_twice_is_named() {
        check(r#"{"a": {"b": 1, "b": 2}}"#, "body.duplicate");
        let finding = read(br#"{"members": 7, "members": 9}"#).unwrap_err();
        assert_eq!(finding.message.vi, "tên `members` xuất hiện hai lần trong cùng một đối tượng");
    }
    #[test]
    fn what_is_cut_off_and_what_is_no_json_is_told_apart() {
        check(r#"{"a": 1"#, "body.truncated");
        check("", "body.truncated");
        check(r#"{"a": NaN}"#, "body.json");
        check(r#"{"a": 1e999}"#, "body.json");
        check(r#"{"a": 1} {"#, "body.json");
        check("{'a': 1}", "body.json");
        assert_eq!(read(&[0xff, 0xfe]).unwrap_err().code, "body.utf8");
    }
    #[test]
    fn nesting_has_an_end() {
        check(&"[".repeat(100_000), "body.deep");
        check(&r#"{"a":"#.repeat(40), "body.deep");
        let fits = format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST));
        assert!(read(fits.as_bytes()).is_ok());
    }
}
