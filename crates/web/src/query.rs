//! What a page is asked for: the address read into values, with an error that people can read, and addresses made from
//! them again.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use hoptac_model::date;
use hoptac_model::text::Language;
use jiff::civil::Date;

use crate::app::App;
use crate::door::{Visit, Visitor};
use crate::error::PageError;

/// The part of an address that every page understands.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The path, as `/chi-tieu/T30-01`.
    pub(crate) path: String,
    /// The language of the answer.
    pub(crate) language: Language,
    /// The day asked for; none means today.
    pub(crate) as_of: Option<Date>,
    /// The unit asked for, by code or identity; none means the unit of the plan.
    pub(crate) unit: Option<String>,
    /// The ledger position asked for, as an edition names it; none means the newest.
    pub(crate) position: Option<u64>,
    /// Whether only the part of the page that changes is wanted.
    pub(crate) part: bool,
    /// Who asks.
    pub(crate) visitor: Arc<Visitor>,
    /// What else stands in the query, in its order.
    rest: Vec<(String, String)>,
}

impl Ask {
    /// Reads an address. The language is known even where the rest is wrong.
    fn read(uri: &Uri) -> (Self, Result<(), date::DateError>) {
        let mut ask = Self {
            path: uri.path().to_owned(),
            language: Language::Vi,
            as_of: None,
            unit: None,
            position: None,
            part: false,
            visitor: Arc::new(Visitor::of_a_preview()),
            rest: Vec::new(),
        };
        let mut outcome = Ok(());
        for (name, value) in pairs(uri.query().unwrap_or_default()) {
            match name.as_str() {
                // An empty field of a form is a question not asked.
                _ if value.is_empty() => {}
                "lang" => ask.language = if value == "en" { Language::En } else { Language::Vi },
                "unit" => ask.unit = Some(value),
                "so-cai" if value.parse::<u64>().is_ok() => ask.position = value.parse().ok(),
                "as_of" => match date::parse(&value) {
                    Ok(day) => ask.as_of = Some(day),
                    Err(error) => outcome = Err(error),
                },
                _ => ask.rest.push((name, value)),
            }
        }
        (ask, outcome)
    }

    /// Reads what a request asks for, as far as it can be read.
    pub(crate) fn asked(request: &Request) -> Self {
        let (mut ask, _) = Self::read(request.uri());
        if let Some(visit) = request.extensions().get::<Visit>() {
            ask.visitor = Arc::clone(&visit.visitor);
        }
        ask
    }

    /// This very page, with everything that was asked.
    pub(crate) fn here(&self) -> String {
        self.in_language(self.language)
    }

    /// The same questions of another address.
    pub(crate) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// The same questions, one of them answered otherwise.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.rest.retain(|(n, _)| n != name);
        other.rest.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The value of a question that only some pages understand.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.rest.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All values of a question that can be asked several times.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.rest.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The same questions about a unit that the path names.
    pub(crate) fn for_code(self, code: String) -> Self {
        Self { unit: Some(code), ..self }
    }

    /// The same questions about a day.
    pub(crate) fn of_day(self, day: Date) -> Self {
        Self { as_of: Some(day), ..self }
    }

    /// The same questions about a ledger position.
    pub(crate) fn of_position(self, position: u64) -> Self {
        Self { position: Some(position), ..self }
    }

    /// The same questions about the plan's unit, today, as it is known now.
    pub(crate) fn of_the_newest(self) -> Self {
        Self { as_of: None, unit: None, position: None, ..self }
    }

    /// The same questions about today.
    pub(crate) fn of_today(self) -> Self {
        Self { as_of: None, ..self }
    }

    /// An address on the same day and in the same language.
    pub(crate) fn to(&self, path: &str, values: &[(&str, &str)]) -> String {
        let day = self.as_of.map(|day| day.to_string());
        let lang = (self.language == Language::En).then_some("en");
        let position = self.position.map(|position| position.to_string());
        let kept = [("as_of", day.as_deref()), ("so-cai", position.as_deref()), ("lang", lang)];
        let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value?)));
        address(path, values.iter().copied().chain(kept))
    }

    /// An address on the same day, in the same language and for the same unit.
    pub(crate) fn for_unit(&self, path: &str, values: &[(&str, &str)]) -> String {
        match self.unit.as_deref() {
            Some(unit) if values.iter().all(|(name, _)| *name != "unit") => {
                let mut with_unit = vec![("unit", unit)];
                with_unit.extend_from_slice(values);
                self.to(path, &with_unit)
            }
            _ => self.to(path, values),
        }
    }

    /// What is asked of this page beside day and language, as it stands in the address, without some questions.
    pub(crate) fn question(&self, without: &[&str]) -> String {
        let unit = self.unit.as_deref().map(|unit| ("unit", unit));
        let rest = self.rest.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let asked = unit.into_iter().chain(rest).filter(|(name, _)| !without.contains(name));
        address("", asked).trim_start_matches('?').to_owned()
    }

    /// This very page in another language.
    pub(crate) fn in_language(&self, language: Language) -> String {
        let other = Self { language, ..self.clone() };
        let rest: Vec<(&str, &str)> =
            other.rest.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        other.for_unit(&other.path, &rest)
    }

    /// This very page on another day.
    pub(crate) fn on(&self, as_of: Option<Date>) -> String {
        let other = Self { as_of, ..self.clone() };
        other.in_language(self.language)
    }

    /// What a form on this page has to carry along, except `name`.
    pub(crate) fn carried(&self, name: &str) -> Vec<(String, String)> {
        let mut carried = self.rest.clone();
        carried.extend(self.unit.clone().map(|unit| ("unit".to_owned(), unit)));
        carried.extend(self.as_of.map(|day| ("as_of".to_owned(), day.to_string())));
        if self.language == Language::En {
            carried.push(("lang".to_owned(), "en".to_owned()));
        }
        carried.retain(|(n, _)| n != name);
        carried
    }
}

impl FromRequestParts<App> for Ask {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let (mut ask, outcome) = Self::read(&parts.uri);
        ask.part = parts.headers.contains_key("hx-request");
        if let Some(visit) = parts.extensions.get::<Visit>() {
            ask.visitor = Arc::clone(&visit.visitor);
        }
        match outcome {
            Ok(()) => Ok(ask),
            Err(error) => Err(PageError::bad_date(app, ask, &error)),
        }
    }
}

/// The last part of a path, as `T30-01` or `178`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) String);

impl FromRequestParts<App> for Id {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        #[expect(clippy::disallowed_types, reason = "this is the extractor that stands for it")]
        let found = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        let (mut ask, _) = Ask::read(&parts.uri);
        if let Some(visit) = parts.extensions.get::<Visit>() {
            ask.visitor = Arc::clone(&visit.visitor);
        }
        found.map(|path| Self(path.0)).map_err(|_| PageError::no_page(app, ask))
    }
}

/// Two parts of a path, as a code and a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Two(pub(crate) String, pub(crate) String);

impl FromRequestParts<App> for Two {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        #[expect(clippy::disallowed_types, reason = "this is the extractor that stands for it")]
        let found = axum::extract::Path::<(String, String)>::from_request_parts(parts, app).await;
        let (mut ask, _) = Ask::read(&parts.uri);
        if let Some(visit) = parts.extensions.get::<Visit>() {
            ask.visitor = Arc::clone(&visit.visitor);
        }
        found.map(|path| Self(path.0.0, path.0.1)).map_err(|_| PageError::no_page(app, ask))
    }
}

/// The pairs of a query, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Undoes percent signs and plus signs; what is not UTF-8 afterwards is replaced and then simply not found.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
                match (digit(high), digit(low)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high * 16 + low);
                        rest = after;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn address<'a>(path: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (at, (name, value)) in values.enumerate() {
        address.push(if at == 0 { '?' } else { '&' });
        address.push_str(&encode(name));
        address.push('=');
        address.push_str(&encode(value));
    }
    address
}

/// Percent signs for everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(uri: &str) -> Ask {
        Ask::read(&uri.parse().unwrap()).0
    }

    #[track_caller]
    fn check(uri: &str, path: &str, values: &[(&str, &str)], want: &str) {
        assert_eq!(ask(uri).to(path, values), want);
    }

    #[test]
    fn day_and_language_are_kept_in_links() {
        check("/?as_of=2025-12-31&lang=en", "/ke-hoach", &[], "/ke-hoach?as_of=2025-12-31&lang=en");
        check("/", "/ke-hoach", &[], "/ke-hoach");
    }
    #[test]
    fn the_unit_is_kept_only_where_asked() {
        assert_eq!(ask("/?unit=178").to("/chi-tieu", &[]), "/chi-tieu");
        assert_eq!(ask("/?unit=178").for_unit("/chi-tieu", &[]), "/chi-tieu?unit=178");
        assert_eq!(ask("/?unit=178").for_unit("/", &[("unit", "180")]), "/?unit=180");
    }
    #[test]
    fn another_language_keeps_everything_else() {
        assert_eq!(
            ask("/chi-tieu/T30-11?reading=b%20c&unit=178").in_language(Language::En),
            "/chi-tieu/T30-11?unit=178&reading=b%20c&lang=en"
        );
    }
    #[test]
    fn a_day_that_does_not_exist_still_gives_the_language() {
        let (ask, outcome) = Ask::read(&"/?as_of=2026-02-30&lang=en".parse().unwrap());
        assert_eq!(ask.language, Language::En);
        assert!(outcome.unwrap_err().to_string().contains("28 days"));
    }
    #[test]
    fn a_view_is_what_is_asked_beside_day_and_language() {
        let ask = ask("/dang-ky?q=a%26b&from=50&unit=178&as_of=2025-12-31&lang=en&a%3Db=%23");
        assert_eq!(ask.question(&["from"]), "unit=178&q=a%26b&a%3Db=%23");
    }
    #[test]
    fn words_are_decoded_and_encoded() {
        assert_eq!(decode("B%C3%ACnh+Gia%"), "Bình Gia%");
        assert_eq!(encode("Bình Gia"), "B%C3%ACnh%20Gia");
    }
}
