//! The named checks of a form, applied to one filled-in form.
//!
//! A check says what must hold, as a condition of the formula language over the fields, a few columns of the register and
//! last year's fields. As with a `CHECK` in SQL, only what is false breaks it: where something is missing, nothing is
//! said.

use std::collections::BTreeMap;

use crate::fact::Catalogue;
use crate::formula::condition::{Condition, Value};
use crate::formula::show_number;
use crate::number::NO_VALUE;
use crate::organisation::{Kind, Sector};
use crate::pack::{FieldType, Form, FormCheck};
use crate::text::{Language, Words};

/// The checks of a form, ready to be applied.
#[derive(Clone, Debug)]
pub struct Checks {
    catalogue: Catalogue,
    flags: Vec<String>,
    conditions: Vec<(FormCheck, Condition)>,
}

/// A filled-in form with what the register knows of who filled it in.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// Values by field; flags are 0 and 1.
    pub values: &'a BTreeMap<String, i64>,
    /// Values of the year before, where there are any.
    pub last: Option<&'a BTreeMap<String, i64>>,
    /// The year that is reported.
    pub year: i16,
    /// The kind of organisation, where known.
    pub kind: Option<Kind>,
    /// Its sector, where known.
    pub sector: Option<Sector>,
    /// Its members in the register.
    pub members: Option<i64>,
    /// Its charter capital in the register.
    pub capital: Option<i64>,
}

/// A check that is broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken<'c> {
    /// The check.
    pub check: &'c FormCheck,
    /// Its message, with the numbers in it.
    pub message: Words,
}

impl Checks {
    /// The checks of a form. One that makes no sense is left out; no pack that has one can be adopted.
    pub fn new(form: &Form) -> Self {
        let catalogue = Catalogue::of_checks(form);
        let conditions = form
            .checks
            .iter()
            .filter_map(|check| {
                let condition = Condition::parse(&check.expression, &catalogue).ok()?;
                Some((check.clone(), condition))
            })
            .collect();
        let flags = form.fields.iter().filter(|field| field.field_type == FieldType::Flag);
        Self { flags: flags.map(|field| field.id.clone()).collect(), catalogue, conditions }
    }

    /// The checks that a filled-in form breaks, in the order of the form.
    pub fn broken<'c>(&'c self, filled: &Filled<'_>) -> Vec<Broken<'c>> {
        let of = |column: usize| self.value(column, filled);
        self.conditions
            .iter()
            .filter(|(_, condition)| condition.holds(&of) == Some(false))
            .map(|(check, _)| Broken {
                check,
                message: Words {
                    vi: self.say(&check.message.vi, filled, Language::Vi),
                    en: self.say(&check.message.en, filled, Language::En),
                },
            })
            .collect()
    }

    fn value(&self, column: usize, filled: &Filled<'_>) -> Option<Value> {
        let name = self.catalogue.columns().get(column)?.name.as_str();
        let whole = |number: i64| {
            #[expect(clippy::cast_precision_loss, reason = "amounts stay far below 2^53")]
            let number = number as f64;
            Value::Number(number)
        };
        match name {
            "kind" => return filled.kind.map(|kind| Value::Text(kind.code().to_owned())),
            "sector" => return filled.sector.map(|sector| Value::Text(sector.code().to_owned())),
            "year" => return Some(whole(i64::from(filled.year))),
            "members" => return filled.members.map(whole),
            "capital" => return filled.capital.map(whole),
            _ => {}
        }
        let (values, field) = match name.strip_prefix(Catalogue::LAST) {
            Some(field) => (filled.last?, field),
            None => (filled.values, name),
        };
        let value = *values.get(field)?;
        if self.flags.iter().any(|flag| flag == field) {
            return Some(Value::Flag(value != 0));
        }
        Some(whole(value))
    }

    /// A message with `{column}` replaced by the number.
    fn say(&self, template: &str, filled: &Filled<'_>, language: Language) -> String {
        let mut said = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            let found = self.catalogue.find(name);
            match found.and_then(|(index, column)| Some((column, self.value(index, filled)?))) {
                Some((column, Value::Number(number))) => {
                    said.push_str(&show_number(Some(column), number, language));
                }
                Some((_, Value::Text(text))) => said.push_str(&text),
                Some((_, Value::Flag(flag))) => said.push_str(match (flag, language) {
                    (true, Language::Vi) => "có",
                    (true, Language::En) => "yes",
                    (false, Language::Vi) => "không",
                    (false, Language::En) => "no",
                }),
                None => said.push_str(NO_VALUE),
            }
            rest = after;
        }
        said.push_str(rest);
        said
    }
}

/// The columns that a message names between `{` and `}`.
pub fn named_in(message: &str) -> Vec<&str> {
    let parts = message.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}
