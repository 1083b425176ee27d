//! Tables as sentences: a number in a cell says nothing without its row and its column, so each becomes a line
//! `row, column: number unit.` that is read like any other. Tables without numbers are the text of their cells.

use hoptac_model::text::fold;

/// How many columns are read of a table.
pub(super) const COLUMNS_MAX: usize = 63;

/// How much of a row's or column's head stands in a sentence.
const HEAD_MAX: usize = 200;

/// How many rows the head of a table may have.
const HEAD_ROWS_MAX: usize = 4;

/// A cell: its paragraphs, and whether they stand already in a cell before or above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    paragraphs: Vec<String>,
    /// The words in one line.
    line: String,
    repeats: bool,
}

impl Cell {
    pub(super) fn new(paragraphs: Vec<String>) -> Self {
        let line = paragraphs
            .iter()
            .flat_map(|text| text.split_whitespace())
            .collect::<Vec<_>>()
            .join(" ");
        Self { paragraphs, line, repeats: false }
    }

    /// The same cell where it reaches over further columns or rows. Only as much is kept as heads need.
    pub(super) fn again(&self) -> Self {
        Self { paragraphs: Vec::new(), line: short(&self.line), repeats: true }
    }
}

/// A table as paragraphs.
pub(super) fn to_paragraphs(rows: &[Vec<Cell>]) -> Vec<String> {
    let Some(shape) = Shape::of(rows) else {
        return rows.iter().flatten().flat_map(|cell| cell.paragraphs.iter().cloned()).collect();
    };
    let mut paragraphs = Vec::new();
    let mut unit_above = String::new();
    for row in rows.get(shape.first..).unwrap_or_default() {
        if is_column_numbers(row) {
            continue;
        }
        let at = |index: Option<usize>| {
            index.and_then(|index| row.get(index)).map_or("", |cell| cell.line.as_str())
        };
        let subject = short(at(Some(shape.subject)));
        let numbers = || {
            row.iter().enumerate().filter(|(index, cell)| {
                *index > shape.subject && Some(*index) != shape.unit && is_number(&cell.line)
            })
        };
        if numbers().next().is_none() {
            // A row that names a group of rows, or one of words.
            let own = row.iter().filter(|cell| !cell.repeats && !cell.line.is_empty());
            let words: Vec<&str> = own.map(|cell| cell.line.as_str()).collect();
            if !words.is_empty() {
                paragraphs.push(words.join(" "));
            }
            continue;
        }
        let unit = match at(shape.unit) {
            "\"" | "”" | "''" | "-nt-" | "nt" => unit_above.clone(),
            unit => short(unit),
        };
        for (index, cell) in numbers() {
            let head = shape.heads.get(index).map_or("", String::as_str);
            paragraphs.push(sentence(&subject, head, &cell.line, &unit));
        }
        unit_above = unit;
    }
    paragraphs
}

/// One number as a sentence.
fn sentence(subject: &str, head: &str, number: &str, unit: &str) -> String {
    let head = match head {
        "" => String::new(),
        words => format!(", {}", lower_first(&with_years(words))),
    };
    let behind = number.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    let bare = behind.trim().is_empty();
    let unit = if bare && !unit.is_empty() {
        if unit.starts_with(['%', '‰']) {
            unit.to_owned()
        } else {
            format!(" {}", lower_first(unit))
        }
    } else {
        String::new()
    };
    format!("{subject}{head}: {number}{unit}.")
}

/// The head of a column, with `năm` before a year and `giai đoạn` before a period where it has only the numbers.
fn with_years(head: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in head.split(' ') {
        let bare = word.trim_matches(['(', ')', ',', ';']);
        let kind = if is_year(bare) { "năm" } else { "giai đoạn" };
        let said = words.last().is_some_and(|last| {
            let last = last.to_lowercase();
            ["năm", "đoạn", "kỳ", "nhiệm"].iter().any(|word| last.ends_with(word))
                || last.ends_with(['-', '–', '/'])
        });
        let has_number = is_year(bare) || is_period(bare);
        if has_number && !said {
            words.push(kind.to_owned());
        }
        words.push(word.to_owned());
    }
    words.join(" ")
}

/// What the columns of a table of numbers are.
struct Shape {
    /// The first row below the head.
    first: usize,
    subject: usize,
    unit: Option<usize>,
    /// What stands above each column.
    heads: Vec<String>,
}

impl Shape {
    /// The shape of a table with a head, a column that names its rows, and numbers; none for other tables.
    fn of(rows: &[Vec<Cell>]) -> Option<Self> {
        let columns = rows.iter().map(Vec::len).max()?;
        let is_numeric = |row: &[Cell]| row.iter().skip(1).any(|cell| is_number(&cell.line));
        let first = rows.iter().position(|row| is_numeric(row) && !is_column_numbers(row))?;
        if columns < 2 || first == 0 || first > HEAD_ROWS_MAX + 8 {
            return None;
        }
        let (head, body) = (rows.get(..first)?, rows.get(first..)?);
        // The head ends where a row has a number of its own or names a group: one cell, over all columns or alone.
        let is_body = |row: &[Cell]| {
            let words = row.iter().filter(|cell| !cell.repeats && !cell.line.is_empty());
            let numbered = row.first().is_some_and(|cell| !cell.repeats && is_ordinal(&cell.line));
            let years = row.iter().any(|cell| is_year(&cell.line));
            !is_column_numbers(row) && (numbered || words.count() < 2 && !years)
        };
        let more = head.iter().skip(1).take(HEAD_ROWS_MAX - 1);
        let head_rows = 1 + more.take_while(|row| !is_body(row)).count();
        let column = |index: usize| {
            body.iter().filter_map(move |row| row.get(index)).filter(|cell| !cell.line.is_empty())
        };
        let heads: Vec<String> = (0..columns)
            .map(|index| {
                let mut parts: Vec<&str> = Vec::new();
                for row in head.iter().take(head_rows).filter(|row| !is_column_numbers(row)) {
                    let line = row.get(index).map_or("", |cell| cell.line.as_str());
                    if !line.is_empty() && parts.last() != Some(&line) {
                        parts.push(line);
                    }
                }
                short(&parts.join(" "))
            })
            .collect();
        let is_index = |index: usize| {
            let head = heads.get(index).map(|head| fold(head)).unwrap_or_default();
            matches!(head.as_str(), "tt" | "stt" | "so tt" | "so thu tu" | "no")
                || index == 0
                    && column(index).count() > 0
                    && column(index).all(|cell| is_ordinal(&cell.line))
        };
        let is_unit = |index: usize| {
            let head = heads.get(index).map(|head| fold(head)).unwrap_or_default();
            matches!(head.as_str(), "don vi" | "don vi tinh" | "dvt" | "dv tinh" | "dv")
        };
        let subject = (0..columns).find(|index| {
            !is_index(*index)
                && !is_unit(*index)
                && column(*index).any(|cell| {
                    cell.line.chars().any(char::is_alphabetic) && !is_number(&cell.line)
                })
        })?;
        let unit = (0..columns).find(|index| is_unit(*index));
        // Rows of the head that are groups of the body are read with the body.
        let first = head_rows.min(first);
        Some(Self { first, subject, unit, heads })
    }
}

/// Whether a cell is a quantity: digits, with at most a word for its bound and its unit. A year alone, a date and the
/// number of a document are none.
fn is_number(cell: &str) -> bool {
    let bound = [
        "≥",
        "≤",
        ">",
        "<",
        "~",
        "≈",
        "khoảng",
        "trên",
        "dưới",
        "từ",
        "tối thiểu",
        "ít nhất",
        "đạt",
        "không quá",
    ];
    let mut rest = cell.trim();
    while let Some(shorter) = bound.iter().find_map(|word| {
        let start = rest.get(..word.len()).filter(|start| start.to_lowercase() == **word)?;
        rest.strip_prefix(start)
    }) {
        rest = shorter.trim_start();
    }
    let digits = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–' | ' '))
        .count();
    let begins = rest.starts_with(|c: char| c.is_ascii_digit());
    let behind: String = rest.chars().skip(digits).collect();
    begins
        && cell.chars().count() <= 32
        && !is_year(rest)
        && !is_period(rest)
        && behind.split_whitespace().count() <= 3
        && !behind.chars().any(|c| c.is_ascii_digit())
        && !(behind.starts_with('/') && behind.len() > 1 && !behind.contains(char::is_alphabetic))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1986..=2100).contains(&year))
}

fn is_period(text: &str) -> bool {
    let two = text.split_once(['-', '–', '÷']);
    two.is_some_and(|(from, to)| is_year(from.trim()) && is_year(to.trim()))
}

/// Whether a cell is the number of its row: `1`, `1.2`, `II`, `a`.
fn is_ordinal(cell: &str) -> bool {
    let cell = cell.trim_end_matches(['.', ')']);
    let is_roman = || cell.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    !cell.is_empty()
        && cell.chars().count() <= 6
        && (cell.chars().all(|c| c.is_ascii_digit() || c == '.')
            || is_roman()
            || cell.chars().count() == 1)
}

/// Whether a row only counts its columns: `(1) (2) (3)`, `1 2 3=1+2`.
fn is_column_numbers(row: &[Cell]) -> bool {
    let numbers: Option<Vec<u32>> = row
        .iter()
        .filter(|cell| !cell.repeats && !cell.line.is_empty())
        .map(|cell| {
            let inner = cell.line.trim_start_matches('(').trim_end_matches(')');
            inner.split('=').next()?.trim().parse().ok()
        })
        .collect();
    numbers.is_some_and(|numbers| {
        numbers.len() > 1
            && numbers.iter().zip(numbers.iter().skip(1)).all(|(a, b)| a + 1 == *b)
            && numbers.first() <= Some(&2)
    })
}

fn short(text: &str) -> String {
    text.chars().take(HEAD_MAX).collect()
}

/// With a small first letter, unless the word is all capitals, as a name in letters is.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), text.chars().nth(1)) {
        (Some(first), second) if second.is_none_or(|c| !c.is_uppercase()) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, to_paragraphs};

    /// A table as lines of cells between bars; `<` is the cell before once more, `^` the one above.
    #[track_caller]
    fn check(table: &[&str], want: &[&str]) {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for line in table {
            let mut row: Vec<Cell> = Vec::new();
            for (index, written) in line.split('|').map(str::trim).enumerate() {
                let cell = match written {
                    "<" => row[index - 1].again(),
                    "^" => rows.last().unwrap()[index].again(),
                    _ => Cell::new(vec![written.to_owned()]),
                };
                row.push(cell);
            }
            rows.push(row);
        }
        let mut shown = to_paragraphs(&rows);
        shown.retain(|line| !line.is_empty());
        assert_eq!(shown, want);
    }

    #[test]
    fn a_number_is_read_with_its_row_column_and_unit() {
        check(
            &[
                "TT | Chỉ tiêu | Đơn vị tính | 2025 | Kế hoạch 2030",
                "1 | Tổ hợp tác | Tổ | 20 | 30",
                "2 | Hợp tác xã loại tốt | % | 40 | trên 60",
            ],
            &[
                "Tổ hợp tác, năm 2025: 20 tổ.",
                "Tổ hợp tác, kế hoạch năm 2030: 30 tổ.",
                "Hợp tác xã loại tốt, năm 2025: 40%.",
                "Hợp tác xã loại tốt, kế hoạch năm 2030: trên 60%.",
            ],
        );
    }
    #[test]
    fn a_head_of_two_rows_and_numbered_columns() {
        check(
            &[
                "STT | Huyện | Mục tiêu | <",
                "^ | ^ | 2025 | 2030",
                "(1) | (2) | (3) | (4)",
                "1 | Huyện A | 05 HTX | 07 HTX",
            ],
            &["Huyện A, mục tiêu năm 2025: 05 HTX.", "Huyện A, mục tiêu năm 2030: 07 HTX."],
        );
    }
    #[test]
    fn groups_of_rows_keep_their_names() {
        check(
            &["TT | Chỉ tiêu | Đến 2030", "I | Số lượng | <", "1 | Thành viên | 4.250 người"],
            &["I Số lượng", "Thành viên, đến năm 2030: 4.250 người."],
        );
    }
    #[test]
    fn a_table_of_words_is_its_words() {
        check(
            &["ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI", "Số: 12/KH-UBND | ngày 5 tháng 6"],
            &["ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI", "Số: 12/KH-UBND", "ngày 5 tháng 6"],
        );
    }
    #[test]
    fn years_of_a_table_of_tasks_are_no_numbers() {
        check(
            &["TT | Nhiệm vụ | Thời gian", "1 | Lập đề án | 2025", "2 | Tập huấn | 2024-2030"],
            &[
                "TT",
                "Nhiệm vụ",
                "Thời gian",
                "1",
                "Lập đề án",
                "2025",
                "2",
                "Tập huấn",
                "2024-2030",
            ],
        );
    }
}
