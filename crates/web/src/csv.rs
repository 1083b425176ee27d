//! A table as CSV, for spreadsheets: what looks like a formula is disarmed.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A table as a file to be saved. With `marked` it begins with the mark by which older spreadsheet programs know UTF-8.
pub(crate) fn answer(name: &str, rows: &[Vec<String>], marked: bool) -> Response {
    let mut text = String::from(if marked { "\u{feff}" } else { "" });
    for row in rows {
        let cells: Vec<String> = row.iter().map(|value| cell(value)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, text).into_response()
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
