//! JSON schemas of filing bodies, asked from the types themselves.
//!
//! A body's type knows how it is read. [`of`] plays a reader that hands each type what it asks for and writes down what
//! that was: which fields, of which kind, which words of a list. A field without which reading still succeeds is
//! optional. So a schema can never say something else than the program reads, and a new body needs no second description.
//!
//! [`check`] holds a value against such a schema and finds everything that is wrong with it, each with the path of its
//! field, before the types read it and stop at the first problem.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Map, Value, json};

use super::{Body, FilingKind};
use crate::finding::Finding;
use crate::text::{Words, did_you_mean, few, nearest};
use crate::words;

/// The schema of a kind's body, JSON Schema 2020-12.
pub fn of(kind: FilingKind) -> Value {
    let mut schema = if kind == FilingKind::PlanAdopt {
        // A pack is described where it is written: docs/pack-format.md.
        json!({
            "type": "object",
            "properties": { "files_hash": { "type": "string" }, "pack": { "type": "object" } },
            "required": ["files_hash", "pack"],
            "additionalProperties": false,
        })
    } else {
        Inquiry::of(kind)
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("$id".to_owned(), json!(format!("{}.v{}", kind.code(), Body::SCHEMA)));
        object.insert("title".to_owned(), json!(kind.code()));
    }
    schema
}

/// Everything in which a value differs from a schema that [`of`] made; `path` is what stands before the fields' paths.
pub fn check(schema: &Value, value: &Value, path: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    hold(schema, value, path, &mut findings);
    findings
}

/// What a type asked for at one place.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    Anything,
    Flag,
    Whole { least: i64, most: i64 },
    Number,
    Text,
    Letter,
    List,
    Table,
    Object(&'static [&'static str]),
    OneOf(&'static [&'static str]),
}

/// Texts that are offered one after the other until a type takes one, with the format that it then has.
const OFFERS: [(&str, Option<&str>); 7] = [
    ("một lời", None),
    ("2024-01-02", Some("date")),
    ("01890000-0000-7000-8000-000000000001", Some("uuid")),
    ("2024-01-02T03:04:05Z", Some("date-time")),
    // A period: a year, a half or a quarter of one.
    ("2024", None),
    ("x1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Some("sealed")),
    ("00000000000000000000000000000000", Some("pseudonym")),
];

/// The questions put to a type so far, and its answers, by path. A path is the fields' names with a slash behind each,
/// `*` for what is in a list or table, and a variant's name behind a bar.
#[derive(Debug, Default)]
struct Inquiry {
    asked: RefCell<BTreeMap<String, Asked>>,
    nullable: RefCell<BTreeSet<String>>,
    /// Variants that carry something.
    carrying: RefCell<BTreeSet<String>>,
    /// Which offer, or which variant, is made at a path.
    offer: RefCell<BTreeMap<String, usize>>,
    /// Where the last text was offered: the one that was refused, when reading fails.
    last: RefCell<Option<String>>,
    /// The field that is left out this time.
    without: RefCell<Option<String>>,
}

impl Inquiry {
    /// The schema of a kind.
    fn of(kind: FilingKind) -> Value {
        let inquiry = Self::default();
        inquiry.read_through(kind);
        // Each further word of a list may carry something of its own.
        let lists: Vec<(String, usize)> = inquiry
            .asked
            .borrow()
            .iter()
            .filter_map(|(path, asked)| {
                let Asked::OneOf(words) = asked else { return None };
                Some((path.clone(), words.len()))
            })
            .collect();
        for (path, count) in lists {
            for variant in (0..count).rev() {
                inquiry.offer.borrow_mut().insert(path.clone(), variant);
                inquiry.read_through(kind);
            }
        }
        let objects: Vec<(String, &[&str])> = inquiry
            .asked
            .borrow()
            .iter()
            .filter_map(|(path, asked)| {
                let Asked::Object(fields) = asked else { return None };
                Some((path.clone(), *fields))
            })
            .collect();
        let mut required = BTreeSet::new();
        for (path, fields) in objects {
            for field in fields {
                let field = format!("{path}{field}/");
                *inquiry.without.borrow_mut() = Some(field.clone());
                if inquiry.read(kind).is_err() {
                    required.insert(field);
                }
            }
        }
        inquiry.write("", &required)
    }

    /// Reads until every text that is offered is taken.
    fn read_through(&self, kind: FilingKind) {
        // As many rounds as there can be refused offers; a type that takes none stays as it was asked for.
        for _ in 0..1000 {
            if self.read(kind).is_ok() {
                return;
            }
            let Some(path) = self.last.borrow().clone() else { return };
            let mut offers = self.offer.borrow_mut();
            let offer = offers.entry(path).or_default();
            *offer += 1;
            if *offer >= OFFERS.len() {
                return;
            }
        }
    }

    fn read(&self, kind: FilingKind) -> Result<Body, Refused> {
        Body::read(kind, Asking { inquiry: self, path: String::new() })
    }

    /// The schema of what was asked for at a path.
    fn write(&self, path: &str, required: &BTreeSet<String>) -> Value {
        let Some(asked) = self.asked.borrow().get(path).cloned() else { return json!({}) };
        let mut schema = match asked {
            Asked::Anything => return json!({}),
            Asked::Flag => json!({ "type": "boolean" }),
            Asked::Whole { least, most } => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Asked::Number => json!({ "type": "number" }),
            Asked::Letter => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
            Asked::Text => {
                let offer = self.offer.borrow().get(path).copied().unwrap_or(0);
                match OFFERS.get(offer).and_then(|(_, format)| *format) {
                    Some(format) => json!({ "type": "string", "format": format }),
                    None => json!({ "type": "string" }),
                }
            }
            Asked::List => {
                json!({ "type": "array", "items": self.write(&format!("{path}*/"), required) })
            }
            Asked::Table => json!({
                "type": "object",
                "additionalProperties": self.write(&format!("{path}*/"), required),
            }),
            Asked::Object(fields) => {
                let mut properties = Map::new();
                let mut needed = Vec::new();
                for field in fields {
                    let below = format!("{path}{field}/");
                    properties.insert((*field).to_owned(), self.write(&below, required));
                    if required.contains(&below) {
                        needed.push(*field);
                    }
                }
                json!({
                    "type": "object",
                    "properties": properties,
                    "required": needed,
                    "additionalProperties": false,
                })
            }
            Asked::OneOf(words) => return self.one_of(path, words, required),
        };
        if self.nullable.borrow().contains(path)
            && let Some(kind) = schema.get_mut("type")
        {
            *kind = json!([kind.clone(), "null"]);
        }
        schema
    }

    /// One of some words, of which some may carry something.
    fn one_of(&self, path: &str, words: &[&str], required: &BTreeSet<String>) -> Value {
        let carries = |word: &str| self.carrying.borrow().contains(&format!("{path}|{word}/"));
        let mut plain: Vec<Value> =
            words.iter().filter(|word| !carries(word)).map(|word| json!(word)).collect();
        if self.nullable.borrow().contains(path) {
            plain.push(Value::Null);
        }
        let mut choices: Vec<Value> = words
            .iter()
            .filter(|word| carries(word))
            .map(|word| {
                json!({
                    "type": "object",
                    "properties": { *word: self.write(&format!("{path}|{word}/"), required) },
                    "required": [word],
                    "additionalProperties": false,
                })
            })
            .collect();
        if choices.is_empty() {
            return json!({ "enum": plain });
        }
        choices.insert(0, json!({ "enum": plain }));
        json!({ "oneOf": choices })
    }
}

/// A reader that hands out what is asked for and notes it.
#[derive(Clone, Debug)]
struct Asking<'i> {
    inquiry: &'i Inquiry,
    path: String,
}

impl Asking<'_> {
    fn note(&self, asked: Asked) {
        self.inquiry.asked.borrow_mut().insert(self.path.clone(), asked);
    }

    fn below(&self, name: &str) -> Self {
        Self { inquiry: self.inquiry, path: format!("{}{name}/", self.path) }
    }

    fn offer(&self) -> usize {
        self.inquiry.offer.borrow().get(&self.path).copied().unwrap_or(0)
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Text);
        *self.inquiry.last.borrow_mut() = Some(self.path.clone());
        visitor.visit_str(OFFERS.get(self.offer()).map_or("", |(text, _)| text))
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V, length: usize) -> Result<V::Value, Refused> {
        self.note(Asked::List);
        visitor.visit_seq(Items { asking: self.below("*"), left: length })
    }
}

/// A type did not take what it was handed.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value was refused")
    }
}
impl std::error::Error for Refused {}
impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Declares how whole numbers are asked for: the range of the type that asks.
macro_rules! whole {
    ($($method:ident $visit:ident $type:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            let least = i64::try_from(<$type>::MIN).unwrap_or(i64::MIN);
            let most = i64::try_from(<$type>::MAX).unwrap_or(i64::MAX);
            self.note(Asked::Whole { least, most });
            visitor.$visit(1)
        })*
    };
}

impl<'de> Deserializer<'de> for Asking<'_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Anything);
        visitor.visit_unit()
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Flag);
        visitor.visit_bool(true)
    }
    whole! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Number);
        visitor.visit_f32(1.0)
    }
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Number);
        visitor.visit_f64(1.0)
    }
    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Letter);
        visitor.visit_char('A')
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.inquiry.nullable.borrow_mut().insert(self.path.clone());
        visitor.visit_some(self)
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Anything);
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_unit(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.list(visitor, 1)
    }
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.list(visitor, length)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.list(visitor, length)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.note(Asked::Table);
        visitor.visit_map(Fields { asking: self, names: &["*"], now: "" })
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.note(Asked::Object(fields));
        visitor.visit_map(Fields { asking: self, names: fields, now: "" })
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.note(Asked::OneOf(variants));
        let word = variants.get(self.offer()).copied().ok_or(Refused)?;
        visitor.visit_enum(Word { asking: self, word })
    }
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }
}

/// The items of a list.
struct Items<'i> {
    asking: Asking<'i>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refused> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.asking.clone()).map(Some)
    }
}

/// The fields of an object, one of which may be left out.
struct Fields<'i> {
    asking: Asking<'i>,
    names: &'static [&'static str],
    now: &'static str,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        while let Some((name, rest)) = self.names.split_first() {
            self.names = rest;
            let path = format!("{}{name}/", self.asking.path);
            if self.asking.inquiry.without.borrow().as_ref() != Some(&path) {
                self.now = name;
                return seed
                    .deserialize(IntoDeserializer::<Refused>::into_deserializer(*name))
                    .map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refused> {
        seed.deserialize(self.asking.below(self.now))
    }
}

/// One word of a list, with what it carries.
struct Word<'i> {
    asking: Asking<'i>,
    word: &'static str,
}

impl Word<'_> {
    /// What the word carries.
    fn carried(self) -> Self {
        let asking = self.asking.below(&format!("|{}", self.word));
        asking.inquiry.carrying.borrow_mut().insert(asking.path.clone());
        Self { asking, word: self.word }
    }
}

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Refused> {
        let value = seed.deserialize(IntoDeserializer::<Refused>::into_deserializer(self.word))?;
        Ok((value, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refused> {
        seed.deserialize(self.carried().asking)
    }
    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.carried().asking.list(visitor, length)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.carried().asking.deserialize_struct("", fields, visitor)
    }
}

/// Holds one value against one schema.
fn hold(schema: &Value, value: &Value, path: &str, findings: &mut Vec<Finding>) {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        if !words.contains(value) {
            findings.push(not_one_of(words, value, path));
        }
        return;
    }
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        let fits = |choice: &&Value| check(choice, value, path).is_empty();
        if choices.iter().find(fits).is_none() {
            findings.push(Finding::field(
                "document.type",
                path,
                words!(
                    "không đúng dạng nào trong các dạng được phép",
                    "it has none of the forms that it may have"
                ),
                words!(
                    "đối chiếu với lược đồ của loại hồ sơ này",
                    "compare it with the schema of the kind"
                ),
            ));
        }
        return;
    }
    let Some(kinds) = schema.get("type") else { return };
    let is = |kind: &str| {
        kinds.as_str() == Some(kind)
            || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|k| k.as_str() == Some(kind)))
    };
    match value {
        Value::Null if is("null") => {}
        Value::Bool(_) if is("boolean") => {}
        Value::Number(_) if is("number") => {}
        Value::Number(number) if is("integer") => whole(schema, number, path, findings),
        Value::String(text) if is("string") => format(schema, text, path, findings),
        Value::Array(items) if is("array") => {
            for (index, item) in items.iter().enumerate() {
                let below = join(path, &index.to_string());
                hold(schema.get("items").unwrap_or(&Value::Null), item, &below, findings);
            }
        }
        Value::Object(fields) if is("object") => object(schema, fields, path, findings),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => findings.push(Finding::field(
            "document.type",
            path,
            words!(
                "{value} không phải là {kinds}",
                "{value} is not {kinds}",
                value = describe(value),
                kinds = wanted(kinds)
            ),
            words!("hãy ghi {kinds}", "write {kinds}", kinds = wanted(kinds)),
        )),
    }
}

fn object(schema: &Value, fields: &Map<String, Value>, path: &str, findings: &mut Vec<Finding>) {
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = name.as_str().filter(|name| !fields.contains_key(*name)) else { continue };
        findings.push(Finding::field(
            "document.missing-field",
            join(path, name),
            words!("thiếu trường `{name}`", "the field `{name}` is missing", name),
            words!("hãy ghi nội dung này", "write it"),
        ));
    }
    for (name, value) in fields {
        let below = join(path, name);
        let further = schema.get("additionalProperties");
        match properties.get(name).or(further) {
            Some(Value::Bool(false)) => {
                let near = nearest(name, properties.keys().map(String::as_str));
                findings.push(Finding::field(
                    "document.unknown-field",
                    below,
                    words!("không có trường `{name}`", "there is no field `{name}`", name),
                    match near {
                        Some(near) => did_you_mean(near),
                        None if properties.is_empty() => words!("bỏ trường này", "remove it"),
                        None => {
                            let all: Vec<&str> = properties.keys().map(String::as_str).collect();
                            let all = all.join(", ");
                            words!("các trường là {all}", "the fields are {all}", all)
                        }
                    },
                ));
            }
            Some(schema) => hold(schema, value, &below, findings),
            None => {}
        }
    }
}

fn whole(schema: &Value, number: &serde_json::Number, path: &str, findings: &mut Vec<Finding>) {
    let bound = |name| schema.get(name).and_then(Value::as_i64);
    let (least, most) =
        (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
    if number.as_i64().is_none_or(|number| number < least || number > most) {
        let remedy = if (least, most) == (i64::MIN, i64::MAX) {
            words!(
                "ghi số nguyên, không có dấu chấm hoặc dấu phẩy",
                "write a whole number, without a point or comma"
            )
        } else {
            words!(
                "ghi số nguyên từ {least} đến {most}",
                "write a whole number from {least} to {most}",
                least,
                most
            )
        };
        findings.push(Finding::field(
            "document.number",
            path,
            words!(
                "số {number} không hợp lệ ở đây",
                "{number} is not a number that can stand here",
                number = number.to_string()
            ),
            remedy,
        ));
    }
}

fn format(schema: &Value, text: &str, path: &str, findings: &mut Vec<Finding>) {
    match schema.get("format").and_then(Value::as_str) {
        Some("date") => {
            if let Err(error) = crate::date::parse(text) {
                findings.push(Finding::field(
                    "document.date",
                    path,
                    error.words(),
                    Words::default(),
                ));
            }
        }
        Some("uuid") if uuid::Uuid::parse_str(text).is_err() => findings.push(Finding::field(
            "document.identity",
            path,
            words!(
                "`{text}` không phải là định danh",
                "`{text}` is not an identity",
                text = few(text)
            ),
            words!(
                "ghi đúng như khi hiển thị: 8, 4, 4, 4 và 12 chữ số, cách nhau bằng dấu \
                gạch ngang",
                "write it as it is shown: 8, 4, 4, 4 and 12 digits with dashes between"
            ),
        )),
        Some(_) | None => {
            if schema.get("maxLength").is_some() && text.chars().count() != 1 {
                findings.push(Finding::field(
                    "document.type",
                    path,
                    words!(
                        "`{text}` không phải là một chữ cái",
                        "`{text}` is not one letter",
                        text = few(text)
                    ),
                    words!("ghi một chữ cái", "write one letter"),
                ));
            }
        }
    }
}

fn not_one_of(words: &[Value], value: &Value, path: &str) -> Finding {
    let known: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
    let near = value.as_str().and_then(|text| nearest(text, known.iter().copied()));
    let message = words!(
        "{value} không có trong danh mục",
        "{value} is not a word of the list",
        value = describe(value)
    );
    let all = known.join(", ");
    let remedy = match near {
        Some(near) => words!(
            "có phải ý bạn là `{near}`? Danh mục gồm {all}",
            "did you mean `{near}`? The words are {all}",
            near,
            all
        ),
        None => words!("ghi một trong các giá trị {all}", "write one of {all}", all),
    };
    Finding::field("document.not-one-of", path, message, remedy)
}

/// A value in few words: what people typed, not pages of it.
fn describe(value: &Value) -> Words {
    match value {
        Value::Null => Words::verbatim("null"),
        Value::Bool(flag) => Words::verbatim(flag.to_string()),
        Value::Number(number) => Words::verbatim(number.to_string()),
        Value::String(text) if text.chars().count() <= 40 => Words::verbatim(format!("`{text}`")),
        Value::String(_) => words!("một chuỗi ký tự", "a text"),
        Value::Array(_) => words!("một danh sách", "a list"),
        Value::Object(_) => words!("một đối tượng", "an object"),
    }
}

/// What a schema wants, in words.
fn wanted(kinds: &Value) -> Words {
    let word = |kind: &str| match kind {
        "boolean" => words!("true hoặc false", "true or false"),
        "number" => words!("một số", "a number"),
        "integer" => words!("một số nguyên", "a whole number"),
        "string" => words!("một chuỗi ký tự", "a text"),
        "array" => words!("một danh sách", "a list"),
        "object" => words!("một đối tượng", "an object"),
        _ => Words::verbatim("null"),
    };
    match kinds {
        Value::String(kind) => word(kind),
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .map(word)
            .reduce(|one, other| words!("{one} hoặc {other}", "{one} or {other}", one, other))
            .unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Words::default(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn codes(value: &Value, want: &[(&str, &str)]) {
        let findings = check(&of(FilingKind::OrganisationEstablish), value, "body");
        let got: Vec<(&str, &str)> =
            findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
        assert_eq!(got, want, "{findings:#?}");
    }

    #[test]
    fn a_schema_says_what_the_type_reads() {
        let schema = of(FilingKind::OrganisationEstablish);
        assert_eq!(schema["required"], json!(["kind", "name", "seat", "vsic", "members"]));
        assert_eq!(schema["properties"]["kind"], json!({ "enum": ["THT", "HTX", "LHHTX"] }));
        assert_eq!(schema["properties"]["code"], json!({ "type": ["string", "null"] }));
        let schema = of(FilingKind::LinkSign);
        assert_eq!(
            schema["properties"]["to"],
            json!({ "type": ["string", "null"], "format": "date" })
        );
        assert_eq!(schema["properties"]["stages"]["items"]["enum"][0], "input");
        let schema = of(FilingKind::UnionJoin);
        assert_eq!(schema["properties"]["union"], json!({ "type": "string", "format": "uuid" }));
    }
    #[test]
    fn a_sound_body_has_no_findings() {
        let body = json!({ "kind": "HTX", "name": "Hợp tác xã Na", "seat": "05971", "vsic": "A",
            "members": 9, "code": null });
        codes(&body, &[]);
    }
    #[test]
    fn everything_wrong_is_said_at_once() {
        let body = json!({ "kind": "HTC", "nam": "Hợp tác xã", "seat": 5, "vsic": "AB",
            "members": "chín" });
        codes(
            &body,
            &[
                ("document.missing-field", "body.name"),
                ("document.not-one-of", "body.kind"),
                ("document.type", "body.members"),
                ("document.unknown-field", "body.nam"),
                ("document.type", "body.seat"),
                ("document.type", "body.vsic"),
            ],
        );
    }
    #[test]
    fn published_schemas_are_those_of_the_types() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas");
        for kind in FilingKind::ALL {
            let name = format!("{}.v{}.json", kind.code(), Body::SCHEMA);
            let kept = std::fs::read_to_string(format!("{folder}/{name}")).unwrap_or_default();
            let want = format!("{}\n", serde_json::to_string_pretty(&of(*kind)).unwrap());
            assert!(kept == want, "docs/schemas/{name}: write it anew with `hoptac filing schema`");
        }
        let published = std::fs::read_dir(folder).unwrap().flatten();
        let count = published.filter(|file| file.file_name() != "README.md").count();
        assert_eq!(count, FilingKind::ALL.len());
    }
    #[test]
    fn every_kind_has_an_object_as_schema() {
        for kind in FilingKind::ALL {
            let schema = of(*kind);
            assert_eq!(schema["type"], "object", "{}", kind.code());
            assert!(schema["properties"].is_object(), "{}", kind.code());
            // Questions that end before the last field would leave it without a schema.
            if *kind != FilingKind::PlanAdopt {
                let inquiry = Inquiry::default();
                inquiry.read_through(*kind);
                assert!(inquiry.read(*kind).is_ok(), "{} takes no offer", kind.code());
            }
        }
    }
}
