//! Tables of text: comma, semicolon or tab between cells, UTF-8 with or without a byte order mark, UTF-16 as Excel's
//! "Unicode text" writes it.

use super::book::{BookFault, COLUMNS_MAX, Owned, ROWS_MAX};
use crate::encoding;

/// With these a text begins that a spreadsheet takes for a formula.
pub(crate) const FORMULA_MARKS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// All rows.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Vec<Owned>>, BookFault> {
    let text = text(bytes)?;
    // Excel writes `sep=;` into the first line when it was told the separator.
    let (told, text) = match text.strip_prefix("sep=") {
        Some(rest) => (rest.bytes().next(), rest.split_once('\n').map_or("", |(_, rest)| rest)),
        None => (None, text.as_str()),
    };
    let separator = told.filter(|c| b",;\t|".contains(c)).unwrap_or_else(|| separator(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| BookFault::damaged())? {
        // The reader passes over empty lines, which have a number all the same.
        let from = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(0);
        // After a line that ends with CR LF the reader stands between the two.
        let before = match text.get(from..).unwrap_or_default() {
            rest if text.get(..from).is_some_and(|text| text.ends_with('\r')) => {
                rest.strip_prefix('\n').unwrap_or(rest)
            }
            rest => rest,
        };
        let passed = before.len() - before.trim_start_matches(['\r', '\n']).len();
        let empty = before.get(..passed).unwrap_or_default().matches('\n').count();
        if rows.len() + empty >= ROWS_MAX as usize {
            return Err(BookFault::too_large());
        }
        rows.extend((0..empty).map(|_| Vec::new()));
        rows.push(record.iter().take(COLUMNS_MAX).map(cell).collect());
    }
    Ok(rows)
}

fn cell(text: &str) -> Owned {
    let text = text.trim();
    // An apostrophe that keeps a text from being a formula is not of the text.
    let bare = text.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_MARKS));
    let text = bare.unwrap_or(text);
    if text.is_empty() { Owned::Empty } else { Owned::Text(text.to_owned()) }
}

fn text(bytes: &[u8]) -> Result<String, BookFault> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| match pair {
            [one, two] => unit([*one, *two]),
            _ => 0,
        });
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| BookFault::damaged())
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match encoding::decode(bytes) {
            Ok(decoded) => Ok(decoded.text.to_owned()),
            Err(_) => Err(BookFault::new(
                "book.encoding",
                (
                    "văn bản không phải UTF-8; có thể là bảng mã cũ (TCVN3, VNI, Windows-1258)",
                    "the text is not UTF-8; it may be of an older encoding (TCVN3, VNI, Windows-1258)",
                ),
                (
                    "trong Excel chọn Lưu thành, “CSV UTF-8”, hoặc nộp tệp .xlsx",
                    "in Excel choose Save as, `CSV UTF-8`, or hand in the .xlsx file",
                ),
            )),
        },
    }
}

/// The mark that stands most often in the first lines, outside quotation marks.
fn separator(text: &str) -> u8 {
    let mut counts = [(b';', 0_usize), (b'\t', 0), (b',', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in text.lines().take(20).flat_map(str::bytes) {
        if byte == b'"' {
            quoted = !quoted;
        }
        if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| !quoted && *mark == byte) {
            *count += 1;
        }
    }
    // In Viet Nam the comma is also the decimal mark: where both stand, the semicolon separates.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    match best {
        Some((mark, count)) if *count > 0 => {
            let [(semicolon, many), ..] = counts;
            if *mark == b',' && many * 3 >= *count { semicolon } else { *mark }
        }
        _ => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], want: &str) {
        let got = match rows(bytes) {
            Ok(rows) => rows
                .iter()
                .map(|row| {
                    let cells = row
                        .iter()
                        .map(|cell| if let Owned::Text(text) = cell { text.as_str() } else { "" });
                    cells.collect::<Vec<_>>().join("|")
                })
                .collect::<Vec<_>>()
                .join("\n"),
            Err(fault) => fault.rule.to_owned(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn commas() {
        check(b"a,b\n1,\"2,5\"\n", "a|b\n1|2,5");
    }
    #[test]
    fn semicolons_with_decimal_commas() {
        check("\u{feff}mã;vốn\n1;2,5\n2;3,5\n".as_bytes(), "mã|vốn\n1|2,5\n2|3,5");
    }
    #[test]
    fn lines_that_end_with_cr_lf_keep_their_numbers() {
        check(b"a;b\r\n1;2\r\n\r\n\r\n3;4\r\n", "a|b\n1|2\n\n\n3|4");
    }
    #[test]
    fn the_separator_that_excel_was_told() {
        check(b"sep=;\na;b\n", "a|b");
    }
    #[test]
    fn tabs_in_utf_16() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("mã\ttên\n".encode_utf16().flat_map(u16::to_le_bytes));
        check(&bytes, "mã|tên");
    }
    #[test]
    fn empty_lines_keep_their_number() {
        check(b"a,b\n\n1,2\n", "a|b\n\n1|2");
    }
    #[test]
    fn an_older_encoding() {
        check(b"t\xean,v\xd2n\n\xb5\xb8\xb9,\xd5\xd6\n", "book.encoding");
    }
}
