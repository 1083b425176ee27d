//! What was typed into a form, read into the body of a filing; and a body written back as what would be typed.

use std::collections::BTreeMap;

use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::number;
use hoptac_model::text::{Language, fold, nfc};
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::form::{self, Fields};
use crate::language::Voice;

use super::definition::{Field, Input};
use super::source::Source;

/// What stands in the fields of a form, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entered(BTreeMap<String, Vec<String>>);

impl Entered {
    /// What was sent.
    pub(crate) fn of(fields: &Fields) -> Self {
        let mut entered = Self::default();
        for (name, value) in fields.pairs() {
            entered.0.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        entered
    }

    /// What would have been typed for a body.
    pub(crate) fn of_body(
        fields: &[Field],
        prefix: &str,
        body: &Value,
        source: &Source<'_>,
    ) -> Self {
        let mut entered = Self::default();
        for field in fields {
            let found = field.name.split('.').try_fold(body, |value, part| value.get(part));
            let Some(value) = found else { continue };
            let texts = if let Value::Array(many) = value {
                many.iter().map(|one| typed(field.input, one, source)).collect()
            } else {
                vec![typed(field.input, value, source)]
            };
            let texts = if field.input == Input::List { vec![texts.join(", ")] } else { texts };
            entered.0.insert(format!("{prefix}{}", field.name), texts);
        }
        entered
    }

    /// The same with a value, unless one was there.
    #[must_use]
    pub(crate) fn or(mut self, name: &str, value: String) -> Self {
        self.0.entry(name.to_owned()).or_insert_with(|| vec![value]);
        self
    }

    /// The same with what another has besides.
    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        for (name, values) in other.0 {
            self.0.entry(name).or_insert(values);
        }
        self
    }

    /// What stands in a field.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Everything that stands in the fields of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.get(name).map_or(&[][..], Vec::as_slice);
        values.iter().map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

/// A value as it would be typed.
fn typed(input: Input, value: &Value, source: &Source<'_>) -> String {
    match (input, value) {
        (Input::Commune, Value::String(id)) => source.commune_text(&UnitId::new(id.clone())),
        (Input::Organisation | Input::Organisations, Value::String(id)) => {
            id.parse().map_or_else(|_| id.clone(), |id| source.organisation_text(id))
        }
        (Input::Tenths, Value::Number(tenths)) => {
            let tenths = tenths.as_i64().unwrap_or(0);
            format!("{},{}", tenths / 10, tenths % 10)
        }
        (Input::Money | Input::Whole, Value::Number(whole)) => whole
            .as_i64()
            .map_or_else(|| whole.to_string(), |whole| number::whole(whole, Language::Vi)),
        (Input::YesOrNo, Value::Bool(yes)) => if *yes { "co" } else { "khong" }.to_owned(),
        (Input::Tick, Value::Bool(yes)) => if *yes { "co" } else { "" }.to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// What cannot be read in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// The field.
    pub(crate) field: String,
    /// What is wrong and what to do.
    pub(crate) sentence: String,
}

/// Reads the fields of a form into a body. Everything that cannot be read is said at once.
pub(crate) fn body(
    fields: &[Field],
    prefix: &str,
    entered: &Entered,
    source: &Source<'_>,
    day: Date,
    voice: Voice,
) -> (Value, Vec<Unread>) {
    let (mut body, mut unread) = (Map::new(), Vec::new());
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        match read(*field, &name, entered, source, day, voice) {
            Ok(Some(value)) => put(&mut body, field.name, value),
            Ok(None) if field.must => {
                unread.push(Unread { field: name, sentence: voice.say("form-must") });
            }
            Ok(None) => {}
            Err(sentence) => unread.push(Unread { field: name, sentence }),
        }
    }
    (Value::Object(body), unread)
}

/// Puts a value where its path says.
fn put(body: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            body.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = body.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}

/// The value of one field; none where nothing was filled in.
fn read(
    field: Field,
    name: &str,
    entered: &Entered,
    source: &Source<'_>,
    day: Date,
    voice: Voice,
) -> Result<Option<Value>, String> {
    let text = nfc(entered.one(name));
    let bad = |key: &str| voice.say_with(key, &[("text", text.clone().into())]);
    let many = |one: &dyn Fn(&str) -> Result<String, String>| -> Result<Option<Value>, String> {
        let all: Result<Vec<Value>, String> =
            entered.all(name).map(|text| one(text).map(Value::String)).collect();
        Ok(Some(all?).filter(|all| !all.is_empty()).map(Value::Array))
    };
    match field.input {
        Input::Organisations => {
            return many(&|text| organisation(text, source, voice).map(|id| id.to_string()));
        }
        Input::Any(_) => return many(&|text| Ok(text.to_owned())),
        Input::List => {
            let words =
                text.split([',', ';', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty());
            let words: Vec<Value> = words.map(Value::from).collect();
            return Ok(Some(words).filter(|words| !words.is_empty()).map(Value::Array));
        }
        _ if text.is_empty() => return Ok(None),
        Input::Line
        | Input::Sentences
        | Input::Whole
        | Input::Money
        | Input::Tenths
        | Input::Day
        | Input::Tick
        | Input::YesOrNo
        | Input::Commune
        | Input::Organisation
        | Input::Filing
        | Input::One(_) => {}
    }
    Ok(Some(match field.input {
        Input::Whole | Input::Money => {
            Value::from(whole(&text).ok_or_else(|| bad("form-not-whole"))?)
        }
        Input::Tenths => {
            let tenths = form::number(&text).map(|points| points * 10.0);
            let tenths = tenths.filter(|tenths| tenths.fract() == 0.0 && tenths.abs() < 1e6);
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            Value::from(tenths.ok_or_else(|| bad("form-not-tenths"))? as i64)
        }
        Input::Day => {
            Value::from(self::day(&text).ok_or_else(|| bad("form-not-a-day"))?.to_string())
        }
        Input::Tick => Value::from(true),
        Input::YesOrNo => Value::from(text == "co"),
        Input::Commune => {
            let unit = source.commune(&text, day);
            Value::from(unit.ok_or_else(|| bad("form-no-commune"))?.as_str())
        }
        Input::Organisation => Value::from(organisation(&text, source, voice)?.to_string()),
        // Fields of several lines come with the line ends of the web.
        Input::Sentences => Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Input::Line
        | Input::Filing
        | Input::One(_)
        | Input::Any(_)
        | Input::List
        | Input::Organisations => Value::from(text),
    }))
}

/// The organisation that is meant; else which ones it may be.
fn organisation(text: &str, source: &Source<'_>, voice: Voice) -> Result<OrganisationId, String> {
    source.organisation(text).map_err(|nearest| {
        let known = nearest.join("; ");
        let key =
            if known.is_empty() { "form-no-organisation-alike" } else { "form-which-organisation" };
        voice.say_with(key, &[("text", text.to_owned().into()), ("nearest", known.into())])
    })
}

/// A whole number as officials write it: `10.500`, `10 500`, `10500`.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let text = fold(text);
    let text = text.trim_end_matches("dong").trim_end_matches(" d").trim();
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, digits) = plain.strip_prefix('-').map_or((1, plain.as_str()), |rest| (-1, rest));
    let groups: Vec<&str> = digits.split(['.', ',']).collect();
    let (first, rest) = groups.split_first()?;
    let is_grouped = rest.iter().all(|group| group.len() == 3);
    let are_digits =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    if !is_grouped || !are_digits || (!rest.is_empty() && first.len() > 3) {
        return None;
    }
    groups.concat().parse::<i64>().ok().map(|number| sign * number)
}

/// A day as the browser sends it, or as officials write it: `2025-03-15`, `15/3/2025`.
pub(crate) fn day(text: &str) -> Option<Date> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let mut parts = text.split('/').map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<i64>) {
        assert_eq!(whole(text), want, "{text}");
    }

    #[test]
    fn whole_numbers_as_officials_write_them() {
        check("850", Some(850));
        check("10.500", Some(10_500));
        check("1.500.000.000 đồng", Some(1_500_000_000));
        check("1 500 000 đ", Some(1_500_000));
        check("-7", Some(-7));
    }
    #[test]
    fn what_is_no_whole_number_is_not_taken_for_one() {
        for text in ["", "14,3", "1.5", "tám", "1.2345", "1500.000", "5 %", "9999999999999999999"]
        {
            check(text, None);
        }
    }
    #[test]
    fn days_are_read_as_written_here_and_as_browsers_send_them() {
        let want = Some(Date::constant(2025, 3, 15));
        assert_eq!((day("2025-03-15"), day("15/3/2025"), day("15/03/2025")), (want, want, want));
        assert_eq!((day("31/2/2025"), day("15/3/25"), day("hôm qua")), (None, None, None));
    }
    #[test]
    fn paths_make_objects() {
        let mut body = Map::new();
        put(&mut body, "decision.number", Value::from("12/QĐ"));
        put(&mut body, "decision.issuer", Value::from("Sở"));
        put(&mut body, "reason", Value::from("vì"));
        let want =
            serde_json::json!({"decision": {"number": "12/QĐ", "issuer": "Sở"}, "reason": "vì"});
        assert_eq!(Value::Object(body), want);
    }
}
