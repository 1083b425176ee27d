//! Tables in files: comma-separated values with a header line, read so that every cell keeps its place.

use std::borrow::Cow;
use std::ops::Range;

use hoptac_model::text::Words;
use hoptac_model::words;

use crate::file::{Log, TextFile, quote};
use crate::nearest::{list, nearest, suggest};

/// A table of more columns is another one.
const COLUMNS_MAX: usize = 200;

/// A cell with its place.
pub(crate) struct Cell<'t> {
    /// What stands in it, without quotation marks and blanks around it.
    pub(crate) text: Cow<'t, str>,
    /// Where it stands, with its quotation marks.
    pub(crate) span: Range<usize>,
}

/// A row under a header.
pub(crate) struct Row<'t> {
    cells: Vec<Cell<'t>>,
    /// For each column asked for, which cell holds it.
    order: std::rc::Rc<Vec<Option<usize>>>,
    /// The whole row.
    pub(crate) span: Range<usize>,
}

impl Row<'_> {
    /// The text in a column, by the index in the list of columns asked for; empty where the column is missing.
    pub(crate) fn text(&self, column: usize) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }

    /// The place of a column's cell; the whole row where there is none.
    pub(crate) fn span(&self, column: usize) -> Range<usize> {
        self.cell(column).map_or(self.span.clone(), |cell| cell.span.clone())
    }

    /// Whether the table has the column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.cell(column).is_some()
    }

    fn cell(&self, column: usize) -> Option<&Cell<'_>> {
        let index = self.order.get(column).copied().flatten()?;
        self.cells.get(index)
    }
}

/// Reads a table with these columns, in any order. Rows with the wrong number of cells are reported and left out; none
/// when it cannot be read under its header.
pub(crate) fn read<'t>(
    file: &'t TextFile,
    columns: &[&'static str],
    log: &Log,
) -> Option<Vec<Row<'t>>> {
    let (mut rows, unclosed) = split(file.text());
    if let Some(at) = unclosed {
        log.error(
            file,
            at..at + 1,
            "pack.table-quote",
            words!(
                "dấu ngoặc kép mở ở đây mà không đóng",
                "a quotation mark is opened here and never closed"
            ),
            words!(
                "đóng bằng một dấu `\"` nữa; trong ô, mỗi dấu ngoặc kép viết thành hai dấu",
                "close it with another `\"`; inside a cell write two of them for one"
            ),
        );
    }
    if rows.is_empty() {
        let want = columns.join(",");
        log.error(
            file,
            0..0,
            "pack.table-empty",
            words!("bảng không có dòng tiêu đề", "the table has no header line"),
            words!("dòng đầu là `{want}`", "its first line is `{want}`", want),
        );
        return None;
    }
    let header = rows.remove(0);
    let order = std::rc::Rc::new(read_header(file, &header, columns, log)?);
    let mut read = Vec::with_capacity(rows.len());
    for cells in rows {
        let span = span_of(&cells);
        // What stands behind a quotation mark that is never closed is one cell.
        let swallowed = unclosed.is_some_and(|at| span.contains(&at));
        if cells.len() == header.len() {
            read.push(Row { cells, order: order.clone(), span });
        } else if !swallowed {
            log.error(
                file,
                span,
                "pack.table-cells",
                words!(
                    "dòng này có {cells} ô, dòng tiêu đề có {columns}",
                    "this row has {cells} cells, the header has {columns}",
                    cells = cells.len(),
                    columns = header.len()
                ),
                words!(
                    "đặt ô có dấu phẩy trong ngoặc kép, và giữ dấu phẩy của ô trống",
                    "put a cell that holds a comma in quotation marks, and keep the commas of empty cells"
                ),
            );
        }
    }
    Some(read)
}

/// Which cell of a row each column is; none when nothing can be read under this header.
fn read_header(
    file: &TextFile,
    header: &[Cell<'_>],
    columns: &[&'static str],
    log: &Log,
) -> Option<Vec<Option<usize>>> {
    let whole = span_of(header);
    if header.len() > COLUMNS_MAX {
        log.error(
            file,
            whole,
            "pack.column-unknown",
            words!(
                "dòng tiêu đề có {count} cột",
                "the header has {count} columns",
                count = header.len()
            ),
            the_columns_are(columns),
        );
        return None;
    }
    if let [only] = header
        && let Some(other) = [';', '\t'].into_iter().find(|c| only.text.contains(*c))
    {
        let name = if other == ';' {
            words!("dấu chấm phẩy", "semicolons")
        } else {
            words!("dấu tab", "tabs")
        };
        log.error(
            file,
            whole,
            "pack.table-separator",
            words!("các ô cách nhau bằng {name}", "the cells are separated by {name}", name),
            words!(
                "lưu bảng với dấu phẩy giữa các ô (CSV) và dấu chấm thập phân trong số: 10500.5",
                "save the table with commas between cells (CSV) and a point in numbers: 10500.5"
            ),
        );
        return None;
    }
    for (index, cell) in header.iter().enumerate() {
        if !columns.contains(&cell.text.as_ref()) {
            log.error(
                file,
                cell.span.clone(),
                "pack.column-unknown",
                words!(
                    "không có cột {name}",
                    "there is no column {name}",
                    name = quote(&cell.text)
                ),
                suggest(&cell.text, columns.iter().copied()),
            );
        } else if header.iter().take(index).any(|before| before.text == cell.text) {
            log.error(
                file,
                cell.span.clone(),
                "pack.column-twice",
                words!(
                    "có hai cột {name}",
                    "the column {name} is there twice",
                    name = quote(&cell.text)
                ),
                words!("giữ lại một cột", "keep one of them"),
            );
        }
    }
    let misspelt: Vec<&str> = header
        .iter()
        .filter(|cell| !columns.contains(&cell.text.as_ref()))
        .filter_map(|cell| nearest(&cell.text, columns.iter().copied()))
        .collect();
    let order: Vec<Option<usize>> =
        columns.iter().map(|name| header.iter().position(|cell| cell.text == *name)).collect();
    let missing =
        || columns.iter().zip(&order).filter(|(_, at)| at.is_none()).map(|(name, _)| *name);
    // A column that is only misspelt is told once.
    let untold: Vec<&str> = missing().filter(|name| !misspelt.contains(name)).collect();
    if !untold.is_empty() {
        log.error(
            file,
            whole,
            "pack.column-missing",
            words!(
                "dòng tiêu đề thiếu cột {names}",
                "the header lacks {names}",
                names = list(untold.iter().copied())
            ),
            the_columns_are(columns),
        );
    }
    if missing().next().is_some() {
        // Without half of its columns it is another table, and every row would be wrong.
        if missing().count() * 2 > columns.len() {
            return None;
        }
    }
    Some(order)
}

fn the_columns_are(columns: &[&str]) -> Words {
    words!("các cột là `{all}`", "the columns are `{all}`", all = columns.join(","))
}

fn span_of(cells: &[Cell<'_>]) -> Range<usize> {
    match (cells.first(), cells.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    }
}

/// Splits text into rows of cells; also tells where a quotation mark was never closed. Empty lines are left out.
fn split(text: &str) -> (Vec<Vec<Cell<'_>>>, Option<usize>) {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut unclosed = None;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut quoted = byte(at) == Some(b'"');
        let opened = quoted;
        at += usize::from(quoted);
        loop {
            match byte(at) {
                Some(b'"') if quoted && byte(at + 1) == Some(b'"') => at += 2,
                Some(b'"') if quoted => {
                    quoted = false;
                    at += 1;
                }
                Some(b',' | b'\n') if !quoted => break,
                Some(_) => at += 1,
                None => break,
            }
        }
        if quoted {
            unclosed = unclosed.or(Some(start));
        }
        let end_of_row = byte(at) != Some(b',');
        let written = text.get(start..at).unwrap_or_default();
        let written =
            if end_of_row { written.strip_suffix('\r').unwrap_or(written) } else { written };
        row.push(Cell { text: content(written, opened), span: start..start + written.len() });
        at += 1;
        // A comma at the very end of the text stands before one more empty cell.
        if !end_of_row && at == bytes.len() {
            row.push(Cell { text: Cow::Borrowed(""), span: at..at });
        }
        if end_of_row || at >= bytes.len() {
            let cells = std::mem::take(&mut row);
            if cells.iter().any(|cell: &Cell<'_>| !cell.text.is_empty()) || cells.len() > 1 {
                rows.push(cells);
            }
        }
    }
    (rows, unclosed)
}

fn content(written: &str, opened: bool) -> Cow<'_, str> {
    let inner = if opened {
        let inner = written.get(1..).unwrap_or_default();
        inner.strip_suffix('"').unwrap_or(inner)
    } else {
        written
    };
    let inner = inner.trim();
    if opened && inner.contains("\"\"") {
        Cow::Owned(inner.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(inner)
    }
}

/// What is no number in plain form.
#[derive(Debug)]
pub(crate) struct NotPlain {
    /// The plain form, where only one number can be meant.
    pub(crate) form: Option<String>,
}

impl NotPlain {
    /// What to write, as far as it can be told.
    pub(crate) fn remedy(&self) -> Words {
        match &self.form {
            Some(form) => {
                words!("hãy ghi dạng thường: {form}", "write it in plain form: {form}", form)
            }
            None => words!(
                "hãy ghi bằng chữ số, với dấu chấm trước phần thập phân, ví dụ 10500.5",
                "write digits with a point before decimals, for example 10500.5"
            ),
        }
    }
}

/// Says that something is no number.
pub(crate) fn no_number(written: &str) -> Words {
    words!("{shown} không phải là số", "{shown} is not a number", shown = quote(written))
}

/// Says that what is read with a decimal point may be meant with thousands, and what to write.
pub(crate) fn doubtful_point(written: &str, value: f64, thousands: &str) -> (Words, Words) {
    (
        words!(
            "{shown} được đọc là {value}, với dấu chấm thập phân",
            "{shown} is read as {value}, with a decimal point",
            shown = quote(written),
            value
        ),
        words!(
            "hãy ghi {thousands} nếu là hàng nghìn, {value} nếu không phải",
            "write {thousands} if thousands are meant, {value} if not",
            thousands,
            value
        ),
    )
}

/// Reads a number in plain form: digits, a point before decimals, a minus.
pub(crate) fn number(written: &str) -> Result<f64, NotPlain> {
    let plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        (all_digits(whole) && all_digits(part)).then(|| text.parse::<f64>().ok()).flatten()
    };
    if let Some(value) = plain(written).filter(|value| value.is_finite() && written.len() <= 30) {
        return Ok(value);
    }
    Err(NotPlain { form: plain_form(written, plain) })
}

/// The whole number that `10.500` is in Vietnamese: three digits behind a point may be thousands and not decimals.
pub(crate) fn grouped(written: &str) -> Option<String> {
    let (whole, part) = written.split_once('.')?;
    let digits = whole.trim_start_matches('-');
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let may_be = (1..=3).contains(&digits.len())
        && !digits.starts_with('0')
        && part.len() == 3
        && all_digits(digits)
        && all_digits(part);
    may_be.then(|| format!("{whole}{part}"))
}

/// The plain form of `10.500,5`, `10,500.5` or `14,3`, where only one number can be meant.
fn plain_form(written: &str, plain: impl Fn(&str) -> Option<f64>) -> Option<String> {
    let tight: String = written.chars().filter(|c| !c.is_whitespace() && *c != '%').collect();
    if tight.len() > 30 {
        return None;
    }
    let form = match (tight.rfind('.'), tight.rfind(',')) {
        (Some(point), Some(comma)) if point < comma => tight.replace('.', "").replace(',', "."),
        (None, Some(_)) if tight.matches(',').count() == 1 => tight.replace(',', "."),
        (Some(_) | None, Some(_)) => tight.replace(',', ""),
        (Some(_), None) if tight.matches('.').count() > 1 => tight.replace('.', ""),
        (Some(_) | None, None) => tight,
    };
    plain(&form).map(|_| form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_split(text: &str, want: &[&[&str]]) {
        let (rows, _) = split(text);
        let got: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.text.as_ref()).collect()).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn cells_and_rows() {
        check_split("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
    }
    #[test]
    fn line_ends_of_other_systems() {
        check_split("a,b\r\n1,\r\n", &[&["a", "b"], &["1", ""]]);
    }
    #[test]
    fn quotation_marks_keep_commas_and_line_ends() {
        check_split("\"a, b\",\"say \"\"yes\"\"\nagain\"\n", &[&["a, b", "say \"yes\"\nagain"]]);
    }
    #[test]
    fn empty_lines_are_left_out_and_empty_cells_are_not() {
        check_split("a,b\n\n,\n", &[&["a", "b"], &["", ""]]);
    }
    #[test]
    fn the_last_cell_may_be_empty_and_without_line_end() {
        check_split("a,", &[&["a", ""]]);
    }
    #[test]
    fn a_quotation_mark_that_is_never_closed() {
        assert_eq!(split("a,\"b\nc").1, Some(2));
    }

    #[track_caller]
    fn check_number(text: &str, want: Result<f64, &str>) {
        let got = number(text);
        match (got, want) {
            (Ok(got), Ok(want)) => assert!((got - want).abs() < 1e-9, "{got}"),
            (Err(got), Err(want)) => {
                let remedy = got.remedy();
                assert!(remedy.en.contains(want), "{}", remedy.en);
            }
            (got, _) => panic!("{text} gave {got:?}"),
        }
    }

    #[test]
    fn numbers_in_plain_form() {
        check_number("850", Ok(850.0));
        check_number("-14.3", Ok(-14.3));
    }
    #[test]
    fn numbers_as_people_write_them() {
        check_number("10.500,5", Err("10500.5"));
        check_number("10,500.5", Err("10500.5"));
        check_number("14,3", Err("14.3"));
        check_number("1.234.567", Err("1234567"));
        check_number("10 500", Err("10500"));
        check_number("50%", Err("50"));
    }
    #[test]
    fn points_that_may_stand_between_thousands() {
        assert_eq!(grouped("10.500").as_deref(), Some("10500"));
        assert_eq!(grouped("-1.250").as_deref(), Some("-1250"));
        for plain in ["10.5", "0.125", "1000.125", "10500", "1.2500", "1e.500"] {
            assert_eq!(grouped(plain), None);
        }
    }
    #[test]
    fn what_is_no_number() {
        check_number("khoảng 850", Err("write digits"));
        check_number("NaN", Err("write digits"));
        check_number("1e5", Err("write digits"));
        check_number("", Err("write digits"));
    }
}
