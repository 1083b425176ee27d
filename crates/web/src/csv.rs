//! A table as CSV, for spreadsheets, and what its columns mean, for programs. What looks like a formula is disarmed.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hoptac_model::open_data::Form;
use hoptac_model::text::{Language, Words};
use hoptac_report::open_data::{Export, Habit, Head, METADATA_TYPE, Shown};
use jiff::civil::Date;

use crate::app::Published;
use crate::language::Voice;
use crate::query::Ask;

/// What follows the address of a CSV file in the address of its metadata [CSVW].
const METADATA: &str = "-metadata.json";

/// A column: its name for programs, what people call it, and what stands in it.
pub(crate) struct Column(pub(crate) &'static str, pub(crate) Words, pub(crate) Form);

/// A table to take away.
pub(crate) struct Table<'a> {
    /// What the file is called.
    pub(crate) file: String,
    /// What people call the table.
    pub(crate) title: Words,
    /// What a row of it is.
    pub(crate) about: Words,
    /// The day whose state it is.
    pub(crate) as_of: Date,
    /// The state that it was derived from.
    pub(crate) published: &'a Published,
    pub(crate) columns: Vec<Column>,
    /// The columns that tell its rows apart.
    pub(crate) key: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

/// What people call something, in both languages.
pub(crate) fn words(say: impl Fn(Voice) -> String) -> Words {
    Words::new(say(Voice(Language::Vi)), say(Voice(Language::En)))
}

/// The same of a key of the catalogues.
pub(crate) fn said(key: &str) -> Words {
    words(|voice| voice.say(key))
}

impl Table<'_> {
    /// The table as a file to be saved, or its metadata where the address asks for that. Both come from the same table, so that they
    /// cannot say different things.
    pub(crate) fn answer(&self, ask: &Ask) -> Response {
        match ask.path.strip_suffix(METADATA) {
            Some(path) => described(&self.export(&ask.at(path))),
            None => linked(self.csv(ask), &ask.at(&format!("{}{METADATA}", ask.path))),
        }
    }

    /// With `bom=1` it begins with the mark by which older spreadsheet programs know UTF-8.
    fn csv(&self, ask: &Ask) -> Response {
        let mut text = String::from(if ask.value("bom") == Some("1") { "\u{feff}" } else { "" });
        let mut push = |cells: Vec<String>| {
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        };
        push(self.columns.iter().map(|column| cell(column.1.get(ask.language))).collect());
        for row in &self.rows {
            push(row.iter().map(|value| cell(value)).collect());
        }
        let disposition = format!("attachment; filename=\"{}\"", self.file);
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
            (header::CACHE_CONTROL, "no-cache".to_owned()),
        ];
        (headers, text).into_response()
    }

    fn export(&self, asked: &Ask) -> Export {
        let head = |Column(name, title, form): &Column| Head {
            name: (*name).to_owned(),
            title: title.clone(),
            form: *form,
        };
        Export {
            shown: Shown {
                url: asked.here(),
                as_of: self.as_of,
                position: self.published.register.position,
                synthetic: self.published.register.has_synthetic(),
            },
            language: asked.language,
            habit: Habit::PROGRAMS,
            title: self.title.clone(),
            about: self.about.clone(),
            heads: self.columns.iter().map(head).collect(),
            key: self.key.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// The metadata of a file as an answer.
pub(crate) fn described(export: &Export) -> Response {
    let file = export.metadata();
    let headers = [(header::CONTENT_TYPE, file.media), (header::CACHE_CONTROL, "no-cache")];
    (headers, file.bytes).into_response()
}

/// A file that says where its metadata is.
pub(crate) fn linked(mut file: Response, metadata: &Ask) -> Response {
    let link = format!("<{}>; rel=\"describedby\"; type=\"{METADATA_TYPE}\"", metadata.here());
    let link = HeaderValue::from_str(&link).ok();
    file.headers_mut().extend(link.map(|link| (header::LINK, link)));
    file
}

/// One cell [RFC 4180]. A spreadsheet would run a text that begins like a formula; an apostrophe before it makes it text. A
/// negative number is a number.
fn cell(value: &str) -> String {
    let runs = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_number = value.parse::<f64>().is_ok();
    let value = if runs && !is_number { format!("'{value}") } else { value.to_owned() };
    if value.contains(['"', ',', '\n', '\r', ';']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, want: &str) {
        assert_eq!(cell(value), want);
    }

    #[test]
    fn plain_text_stays() {
        check("Hợp tác xã Rau", "Hợp tác xã Rau");
        check("0100233488", "0100233488");
    }
    #[test]
    fn quotes_and_commas_are_wrapped() {
        check("a, \"b\"", "\"a, \"\"b\"\"\"");
    }
    #[test]
    fn formulas_are_disarmed() {
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("+84 25", "'+84 25");
        check("-cmd|'/c calc'!A1", "'-cmd|'/c calc'!A1");
        check("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    }
    #[test]
    fn a_negative_number_is_a_number() {
        check("-5", "-5");
        check("-5.5", "-5.5");
    }
}
