//! What a form sent: its fields by name, read into values with a sentence at the field where one cannot be read.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use crate::app::App;
use crate::error::PageError;
use crate::language::Voice;
use crate::query::{self, Ask};

/// The fields of a form, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field without blanks at its ends; empty where it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field to the letter: passwords have blanks.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// All fields with their values, in their order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a field, where anything was written.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }
}

impl FromRequest<App> for Fields {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let ask = Ask::asked(&request);
        if let Ok(bytes) = Bytes::from_request(request, app).await {
            return Ok(Self(query::pairs(&String::from_utf8_lossy(&bytes))));
        }
        let voice = Voice(ask.language);
        Err(PageError::refused(
            app,
            &ask,
            StatusCode::PAYLOAD_TOO_LARGE,
            voice.say("error-form"),
            voice.say("error-form-help"),
            (ask.to("/", &[]), voice.say("error-way-overview")),
        ))
    }
}

/// What is wrong with the fields of a form, by field.
pub(crate) type Faults = BTreeMap<&'static str, String>;

/// A number as officials write it: `10.500`, `14,3`; `1.8` where no group of three follows the point.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // A point before each group of three stands between thousands; any other point is a comma.
    let groups: Vec<&str> = text.split('.').collect();
    let grouped = groups.len() > 1 && groups.iter().skip(1).all(|group| group.len() == 3);
    let mark = if text.contains(',') || grouped { ',' } else { '.' };
    let (whole, part) = text.split_once(mark).unwrap_or((&text, ""));
    let whole = whole.replace('.', "");
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole.strip_prefix('-').unwrap_or(&whole)) || !digits(part) {
        return None;
    }
    format!("{whole}.{part}0").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<f64>) {
        assert_eq!(number(text), want, "{text}");
    }

    #[test]
    fn numbers_as_officials_write_them() {
        check("850", Some(850.0));
        check("10.500", Some(10_500.0));
        check("1.234.567", Some(1_234_567.0));
        check("14,3", Some(14.3));
        check("1.234,5", Some(1234.5));
        check(" 05 ", Some(5.0));
        check("-2", Some(-2.0));
    }
    #[test]
    fn a_point_without_a_group_of_three_is_a_comma() {
        check("1.8", Some(1.8));
        check("12.25", Some(12.25));
    }
    #[test]
    fn what_is_no_number() {
        check("", None);
        check("tám", None);
        check("5 %", None);
        check("1,2,3", None);
        check("--5", None);
    }
}
