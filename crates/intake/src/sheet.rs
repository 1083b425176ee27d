//! Spreadsheets: our own templates, older ones, and the sheets that people keep themselves, read into the rows of a form.
//!
//! A file is opened whatever its kind ([`Book`]), its head is found ([`ColumnMatch`]), and every row under it becomes values
//! and findings, each with the cell that it is about. Rows that only title, number, sum or comment are told apart from
//! rows of data. Rows go to the caller as they are read; only findings are kept.

mod book;
mod cell;
mod csv;
mod dhis2;
mod handed;
mod head;
mod old;
mod scan;
mod write;
mod xlsx;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use hoptac_model::finding::Severity;
use hoptac_model::import::{ImportRow, Verdict};
use hoptac_model::sheet::{CellKind, RowFault, SheetForm, SheetRow};
use hoptac_model::text::{Words, fold};

pub use self::book::{BYTES_MAX, Book, BookFault, Row, SheetName};
pub use self::cell::{CellFault, Raw};
pub use self::handed::{Asked, Handed, take_in};
pub use self::head::ColumnMatch;
use self::head::{LOOKED_AT, TopRow};
pub use self::write::{Mark, WriteFault, marked, table_csv, table_xlsx, template};

/// The name of the hidden sheet in which a template says what it is.
pub const STAMP_SHEET: &str = "hoptac";
/// So many findings are kept with their places; the rest is counted.
const FINDINGS_MAX: usize = 20_000;

/// What a template says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The form.
    pub form: String,
    /// Its version.
    pub version: u16,
    /// The unit that it was handed to.
    pub unit: Option<String>,
    /// The year that it is for.
    pub year: Option<i16>,
}

impl Stamp {
    /// The lines of the stamp sheet, a name and a value each.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("form", self.form.clone()), ("version", self.version.to_string())];
        lines.extend(self.unit.iter().map(|unit| ("unit", unit.clone())));
        lines.extend(self.year.iter().map(|year| ("year", year.to_string())));
        lines
    }

    /// The stamp of a file; none where it has none, and so is not of our templates.
    pub fn of(book: &Book) -> Result<Option<Self>, BookFault> {
        let Some(sheet) = book.sheets().iter().position(|sheet| sheet.name == STAMP_SHEET) else {
            return Ok(None);
        };
        let mut stamp = Self::default();
        book.rows(sheet, &mut |row| {
            let value = row.get(1).shown().into_owned();
            match row.get(0).shown().as_ref() {
                "form" => stamp.form = value,
                "version" => stamp.version = value.parse().unwrap_or(0),
                "unit" => stamp.unit = Some(value),
                "year" => stamp.year = value.parse().ok(),
                _ => {}
            }
            if row.number > 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(Some(stamp))
    }
}

/// How a sheet is to be read where its reader shall not decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// The sheet, by its name; none for the one whose head names most columns.
    pub sheet: Option<String>,
    /// Which columns of the form stand in which columns of the sheet, from 0, whatever the heads say; none in no column.
    pub told: Vec<(String, Option<usize>)>,
    /// The last row of the head, where no head is to be looked for.
    pub head_row: Option<u32>,
    /// Heads under which the sender kept columns of the form before, each with the column, the newest last. They go before
    /// what the form itself would take.
    pub remembered: Vec<(String, String)>,
}

/// Something wrong or doubtful in a cell or a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFinding {
    /// How much it matters.
    pub severity: Severity,
    /// The row, as the spreadsheet shows it; 0 for the whole sheet.
    pub row: u32,
    /// The column of the sheet, from 0; none for the whole row.
    pub at: Option<usize>,
    /// The column of the form, by its name; empty for the whole row.
    pub column: String,
    /// The rule, as `cell.not-a-number`.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: Words,
    /// What to do.
    pub remedy: Words,
}

impl CellFinding {
    /// The cell as a spreadsheet names it: `C4`, or the row alone.
    pub fn cell(&self) -> String {
        match self.at {
            Some(at) => format!("{}{}", letters(at), self.row),
            None => self.row.to_string(),
        }
    }
}

/// What is wrong in a row that is taken all the same is only told: it leaves empty what the register lacks too.
pub fn settle(findings: &mut [CellFinding], rows: &[ImportRow]) {
    let taken: BTreeSet<u32> =
        rows.iter().filter(|row| row.verdict != Verdict::Rejected).map(|row| row.number).collect();
    for finding in findings.iter_mut().filter(|finding| taken.contains(&finding.row)) {
        finding.severity = Severity::Warning;
    }
}

/// Why a row is no row of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Skipped {
    /// It numbers the columns.
    Numbering,
    /// It is a sum of others.
    Total,
    /// It titles the rows below, or comments on the table.
    Remark,
    /// It is the example of a template.
    Example,
}

impl ColumnMatch {
    /// Whether nothing but what stands under its head speaks for it, so that somebody has to confirm it.
    pub fn is_proposed(&self) -> bool {
        self.sure <= head::BY_CONTENT
    }
}

/// What was read of a sheet, its rows aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The sheet.
    pub sheet: String,
    /// The first and the last row of its head.
    pub head: (u32, u32),
    /// Which columns are which.
    pub columns: Vec<ColumnMatch>,
    /// Heads of the sheet that no column of the form is kept under, with the column they stand in.
    pub unknown: Vec<(usize, String)>,
    /// How many rows of data there are.
    pub rows: u32,
    /// How many of them cannot be taken.
    pub faulty: u32,
    /// Rows that are no data, with the reason.
    pub skipped: Vec<(u32, Skipped)>,
    /// What is wrong or doubtful, in the order of the sheet.
    pub findings: Vec<CellFinding>,
    /// How many more findings there were.
    pub unsaid: u64,
}

/// Reads the rows of a form from a file.
///
/// # Errors
/// Where no sheet has a head that names columns of the form, or the file cannot be read any further.
pub fn read(
    book: &Book,
    form: &SheetForm,
    ask: &Ask,
    hear: &mut dyn FnMut(SheetRow),
) -> Result<Reading, BookFault> {
    let (sheet, found, _) = choose(book, form, ask)?;
    let name = book.sheets().get(sheet).map(|sheet| sheet.name.clone()).unwrap_or_default();
    let mut reader = RowReader {
        form,
        found: &found,
        reading: Reading {
            sheet: name,
            head: (found.first, found.last),
            columns: found.columns.clone(),
            unknown: found.unknown.clone(),
            rows: 0,
            faulty: 0,
            skipped: Vec::new(),
            findings: Vec::new(),
            unsaid: 0,
        },
        seen_data: false,
    };
    reader.missing_columns();
    book.rows(sheet, &mut |row| {
        if row.number > found.last
            && let Some(row) = reader.row(&row)
        {
            hear(row);
        }
        ControlFlow::Continue(())
    })?;
    Ok(reader.reading)
}

/// The head of the chosen sheet, by row numbers.
struct Found {
    first: u32,
    last: u32,
    columns: Vec<ColumnMatch>,
    unknown: Vec<(usize, String)>,
}

/// The sheet that is meant, with its head: the named one, else the visible one whose head names most columns.
fn choose(book: &Book, form: &SheetForm, ask: &Ask) -> Result<(usize, Found, u32), BookFault> {
    if let Some(name) = &ask.sheet
        && !book.sheets().iter().any(|sheet| sheet.name == *name)
    {
        let names: Vec<&str> = book.sheets().iter().map(|sheet| sheet.name.as_str()).collect();
        let names = names.join(", ");
        return Err(BookFault::new(
            "book.no-such-sheet",
            (&format!("không có trang tính “{name}”"), &format!("there is no sheet `{name}`")),
            (&format!("các trang tính: {names}"), &format!("its sheets are {names}")),
        ));
    }
    let mut best: Option<(u32, usize, Found)> = None;
    for (index, sheet) in book.sheets().iter().enumerate() {
        let meant = ask.sheet.as_ref().map_or(!sheet.hidden, |name| *name == sheet.name);
        if !meant || sheet.name == STAMP_SHEET {
            continue;
        }
        let rows = top(book, index)?;
        let Some(found) = head_of(form, ask, &rows) else { continue };
        let score = found.columns.iter().map(|found| u32::from(found.sure)).sum();
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            best = Some((score, index, found));
        }
    }
    let (score, sheet, found) = best.ok_or_else(|| {
        let heads: Vec<&str> =
            form.columns.iter().filter(|c| c.required).map(|c| c.head.vi.as_str()).collect();
        let heads = heads.join(", ");
        BookFault::new(
            "book.no-head",
            ("không tìm thấy dòng tiêu đề cột của biểu", "no row has the heads of this form"),
            (
                &format!("cần các cột: {heads}; hoặc tải biểu mẫu về và chép số liệu vào"),
                &format!(
                    "it needs the columns {heads}; or fetch the template and copy the data into it"
                ),
            ),
        )
    })?;
    Ok((sheet, found, score))
}

/// The first rows of a sheet as text.
fn top(book: &Book, sheet: usize) -> Result<Vec<TopRow>, BookFault> {
    let mut rows = Vec::new();
    book.rows(sheet, &mut |row| {
        let cells = (0..row.width()).map(|column| row.get(column).shown().into_owned()).collect();
        rows.push(TopRow { number: row.number, cells });
        if rows.len() >= LOOKED_AT { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(rows)
}

fn head_of(form: &SheetForm, ask: &Ask, rows: &[TopRow]) -> Option<Found> {
    let head = match ask.head_row {
        Some(last) => {
            let at = rows.iter().position(|row| row.number == last)?;
            Some(head::within(form, rows, at))
        }
        None => head::find(form, rows),
    };
    let mut head = match head {
        Some(head) => head,
        None if ask.told.is_empty() => return None,
        None => head::within(form, rows, 0),
    };
    let lines = rows.get(head.from..=head.to)?;
    for (id, before) in &ask.remembered {
        let Some(column) = form.index_of(id) else { continue };
        let Some(at) = head::kept_under(lines, before) else { continue };
        head.columns.retain(|found| found.column != column && found.at != at);
        head.columns.push(head::told(form, lines, column, at));
    }
    for (id, at) in &ask.told {
        let Some(column) = form.index_of(id) else { continue };
        head.columns.retain(|found| found.column != column && Some(found.at) != *at);
        if let Some(at) = *at {
            head.columns.push(head::told(form, lines, column, at));
        }
    }
    head.columns.sort_by_key(|found| found.column);
    let width = lines.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let unknown = (0..width)
        .filter(|at| head.columns.iter().all(|found| found.at != *at))
        .filter_map(|at| {
            let said = head::said(lines, at);
            let counts_rows = ["stt", "tt", "so tt", "no"].contains(&fold(&said).as_str());
            (!said.is_empty() && !counts_rows).then_some((at, said))
        })
        .collect();
    Some(Found {
        first: lines.first()?.number,
        last: lines.last()?.number,
        columns: head.columns,
        unknown,
    })
}

struct RowReader<'r> {
    form: &'r SheetForm,
    found: &'r Found,
    reading: Reading,
    seen_data: bool,
}

impl RowReader<'_> {
    /// Says once for the sheet which required columns it lacks.
    fn missing_columns(&mut self) {
        for (index, column) in self.form.columns.iter().enumerate() {
            if column.required && self.found.columns.iter().all(|found| found.column != index) {
                self.say(CellFinding {
                    severity: Severity::Error,
                    row: self.found.last,
                    at: None,
                    column: column.id.clone(),
                    rule: "sheet.column-missing",
                    problem: Words::new(
                        format!("thiếu cột “{}”", column.head.vi),
                        format!("the column `{}` is missing", column.head.en),
                    ),
                    remedy: Words::new(
                        format!("thêm cột này: {}", column.help.vi),
                        format!("add it: {}", column.help.en),
                    ),
                });
            }
        }
    }

    fn row(&mut self, row: &Row<'_>) -> Option<SheetRow> {
        if let Some(why) = self.no_data(row) {
            if self.reading.skipped.len() < FINDINGS_MAX {
                self.reading.skipped.push((row.number, why));
            }
            return None;
        }
        self.seen_data = true;
        let mut values = vec![None; self.form.columns.len()];
        let mut fault = RowFault::None;
        for found in &self.found.columns {
            let Some(column) = self.form.columns.get(found.column) else { continue };
            let raw = row.get(found.at);
            if raw.is_empty() {
                if column.required {
                    if fault == RowFault::None {
                        fault = RowFault::Empty;
                    }
                    self.say(CellFinding {
                        severity: Severity::Error,
                        row: row.number,
                        at: Some(found.at),
                        column: column.id.clone(),
                        rule: "cell.empty",
                        problem: Words::new(
                            format!("chưa ghi {}", lower_first(&column.head.vi)),
                            format!("{} is not given", lower_first(&column.head.en)),
                        ),
                        remedy: column.help.clone(),
                    });
                }
                continue;
            }
            let (severity, found_in) = match cell::read(raw, &column.kind, found.unit) {
                Ok((value, assumed)) => {
                    if let Some(place) = values.get_mut(found.column) {
                        *place = Some(value);
                    }
                    let Some(assumed) = assumed else { continue };
                    (Severity::Warning, assumed)
                }
                Err(found) => {
                    fault = RowFault::Wrong;
                    (Severity::Error, found)
                }
            };
            self.say(CellFinding {
                severity,
                row: row.number,
                at: Some(found.at),
                column: column.id.clone(),
                rule: found_in.rule,
                problem: found_in.problem,
                remedy: found_in.remedy,
            });
        }
        // A column that the sheet lacks was told once; it still stops every row.
        let lacks = self.form.columns.iter().enumerate().any(|(index, column)| {
            column.required && self.found.columns.iter().all(|found| found.column != index)
        });
        if lacks {
            fault = RowFault::Wrong;
        }
        self.reading.rows += 1;
        self.reading.faulty += u32::from(fault != RowFault::None);
        Some(SheetRow { number: row.number, values, fault })
    }

    /// Why a row is no data, where it is none.
    fn no_data(&self, row: &Row<'_>) -> Option<Skipped> {
        let filled =
            self.found.columns.iter().filter(|found| !row.get(found.at).is_empty()).count();
        if filled == 0 {
            return Some(Skipped::Remark);
        }
        if !self.seen_data && row.number <= self.found.last + 2 {
            let cells: Vec<String> =
                (0..row.width()).map(|column| row.get(column).shown().into_owned()).collect();
            if head::numbers_columns(&cells) {
                return Some(Skipped::Numbering);
            }
        }
        let lead = (0..row.width().min(6)).map(|column| row.get(column)).find_map(|raw| {
            let Raw::Text(text) = raw else { return None };
            (!text.trim().is_empty()).then(|| fold(text))
        });
        let lead = lead.as_deref().unwrap_or_default();
        if lead.starts_with("vi du:") || lead == "vi du" {
            return Some(Skipped::Example);
        }
        let sums = ["tong cong", "tong so", "cong", "tong", "cong don", "luy ke"];
        let is_sum = sums.iter().any(|sum| {
            lead == *sum
                || lead.strip_prefix(sum).is_some_and(|rest| rest.starts_with([' ', ':', '(']))
        });
        // "Tổng" also begins the names of organisations; a sum has no day, no code and no word of a choice.
        let has_own = self.found.columns.iter().any(|found| {
            let own = self.form.columns.get(found.column).is_some_and(|column| {
                matches!(column.kind, CellKind::Code | CellKind::Day | CellKind::Choice(_))
            });
            own && !row.get(found.at).is_empty() && fold(&row.get(found.at).shown()) != lead
        });
        if is_sum && !has_own {
            return Some(Skipped::Total);
        }
        (filled == 1 && self.found.columns.len() > 2).then_some(Skipped::Remark)
    }

    fn say(&mut self, finding: CellFinding) {
        if self.reading.findings.len() < FINDINGS_MAX {
            self.reading.findings.push(finding);
        } else {
            self.reading.unsaid += 1;
        }
    }
}

/// The column that letters name: `A` is 0, `AA` is 26.
pub fn column_of(letters: &str) -> Option<usize> {
    let letters = letters.trim();
    let plain = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphabetic());
    plain.then(|| xlsx::column_of(letters)).flatten()
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
pub fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::sheet::CellValue;

    fn read_text(text: &str) -> (Reading, Vec<SheetRow>) {
        let book = Book::open("danh-sach.csv", text.as_bytes().to_vec()).unwrap();
        let mut rows = Vec::new();
        let reading =
            read(&book, &SheetForm::organisations(), &Ask::default(), &mut |row| rows.push(row))
                .unwrap();
        (reading, rows)
    }

    const SHEET: &str = "\
DANH SÁCH HỢP TÁC XÃ;;;;;;
Đơn vị: triệu đồng;;;;;;
STT;Tên HTX;Loại hình;MST;Ngày thành lập;Xã;Ngành chính (VSIC);Số thành viên;Vốn điều lệ (triệu đồng)
A;B;C;1;2;3;4;5;6
I;Huyện Bình Gia;;;;;;;
1;HTX Rau an toàn;HTX;0100233488;15/5/2023;Tô Hiệu;A;14;500
2;HTX Thiếu ngày;HTX;;31/02/2015;Tô Hiệu;A;mười;1,5
;Tổng cộng;;;;;;28;501,5
Ghi chú: số liệu đến 31/12;;;;;;;
";

    #[test]
    fn a_sheet_of_their_own() {
        let (reading, rows) = read_text(SHEET);
        assert_eq!(reading.head, (3, 3));
        assert_eq!((reading.rows, reading.faulty), (2, 1));
        let skipped: Vec<_> = reading.skipped.iter().map(|(row, why)| (*row, *why)).collect();
        assert_eq!(
            skipped,
            [
                (4, Skipped::Numbering),
                (5, Skipped::Remark),
                (8, Skipped::Total),
                (9, Skipped::Remark)
            ]
        );
        let first = rows.first().unwrap();
        assert_eq!(first.number, 6);
        let of = |id: &str| {
            let index = SheetForm::organisations().index_of(id).unwrap();
            first.values.get(index).cloned().flatten()
        };
        assert_eq!(of("code"), Some(CellValue::Text("0100233488".to_owned())));
        assert_eq!(of("capital"), Some(CellValue::Whole(500_000_000)));
        assert_eq!(of("founded_on"), Some(CellValue::Day(jiff::civil::date(2023, 5, 15))));
    }
    #[test]
    fn every_fault_names_its_cell() {
        let (reading, _) = read_text(SHEET);
        let said: Vec<String> = reading
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.cell(), finding.rule))
            .collect();
        assert_eq!(said, ["E7 cell.not-a-day", "H7 cell.not-a-number"]);
    }
    #[test]
    fn missing_columns_are_told_once() {
        let (reading, rows) = read_text("Tên HTX;Loại hình\nHTX A;HTX\nHTX B;HTX\n");
        let said: Vec<&str> =
            reading.findings.iter().map(|finding| finding.column.as_str()).collect();
        assert_eq!(said, ["founded_on", "seat", "vsic", "members"]);
        assert!(rows.iter().all(|row| row.fault == RowFault::Wrong));
    }
    #[test]
    fn letters_of_columns() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
    #[test]
    fn a_picture_is_no_table() {
        let fault = Book::open("bang.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec()).unwrap_err();
        assert_eq!(fault.rule, "book.not-a-table");
    }
    #[test]
    fn half_a_zip_is_damaged() {
        assert_eq!(
            Book::open("bang.xlsx", b"PK\x03\x04half".to_vec()).unwrap_err().rule,
            "book.damaged"
        );
    }
}
