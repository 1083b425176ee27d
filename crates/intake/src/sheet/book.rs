//! A file of sheets, whatever program wrote it: which sheets it has, and their rows one after the other.

use std::fmt;
use std::ops::ControlFlow;

use hoptac_model::text::Words;
use jiff::civil::Date;

use super::cell::Raw;
use super::scan::Scanning;
use super::{csv, dhis2, old, xlsx};

/// A file beyond this is not read: the largest register as a spreadsheet has a tenth of it.
pub const BYTES_MAX: usize = 128 * 1024 * 1024;
/// Rows of a sheet; what a spreadsheet can hold at all.
pub(crate) const ROWS_MAX: u32 = 1_048_576;
/// Columns that are looked at; what stands further right belongs to no form.
pub(crate) const COLUMNS_MAX: usize = 512;

/// Why a file cannot be read as sheets: what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookFault {
    /// The rule, as `book.password`.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: Words,
    /// What to do.
    pub remedy: Words,
}

impl fmt::Display for BookFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem.vi, self.remedy.vi)
    }
}

impl std::error::Error for BookFault {}

impl BookFault {
    pub(crate) fn new(rule: &'static str, problem: (&str, &str), remedy: (&str, &str)) -> Self {
        Self {
            rule,
            problem: Words::new(problem.0, problem.1),
            remedy: Words::new(remedy.0, remedy.1),
        }
    }

    /// The file ends early or is no longer what its program wrote.
    pub(crate) fn damaged() -> Self {
        Self::new(
            "book.damaged",
            ("tệp bị hỏng hoặc chưa tải lên hết", "the file is damaged, or it was not sent whole"),
            (
                "mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi nộp lại",
                "open it in Excel or LibreOffice, save it again as .xlsx and hand it in anew",
            ),
        )
    }

    pub(crate) fn too_large() -> Self {
        Self::new(
            "book.too-large",
            (
                "tệp quá lớn, hoặc giải nén ra quá lớn so với một bảng số liệu",
                "the file is too large, or unpacks to far more than a table holds",
            ),
            ("chia thành nhiều tệp nhỏ hơn", "divide it into smaller files"),
        )
    }

    pub(crate) fn password() -> Self {
        Self::new(
            "book.password",
            ("tệp được bảo vệ bằng mật khẩu", "the file is protected by a password"),
            (
                "bỏ mật khẩu (Tệp, Thông tin, Bảo vệ sổ làm việc) rồi nộp lại",
                "remove the password (File, Info, Protect Workbook) and hand it in anew",
            ),
        )
    }
}

/// A sheet of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// Its name.
    pub name: String,
    /// Whether its author hid it.
    pub hidden: bool,
}

/// A file of sheets.
#[derive(Debug)]
pub struct Book {
    sheets: Vec<SheetName>,
    inner: Inner,
    /// Whether it carries macros, which are never run.
    pub macros: bool,
}

#[derive(Debug)]
enum Inner {
    Xlsx(xlsx::Package),
    /// One row after the other, as CSV and the old formats give them.
    Rows(Vec<Vec<Owned>>),
    Old(old::OldBook),
}

/// A cell of a format that is read whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Owned {
    Empty,
    Text(String),
    Number(f64),
    Day(Date),
    Truth(bool),
    Fault(String),
}

/// A row, with its number as the spreadsheet shows it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// From 1.
    pub number: u32,
    cells: Cells<'r>,
}

#[derive(Clone, Copy, Debug)]
enum Cells<'r> {
    Slots(xlsx::Slots<'r>),
    Owned(&'r [Owned]),
}

impl<'r> Row<'r> {
    pub(crate) fn of_slots(number: u32, slots: xlsx::Slots<'r>) -> Self {
        Self { number, cells: Cells::Slots(slots) }
    }

    pub(crate) fn of_owned(number: u32, cells: &'r [Owned]) -> Self {
        Self { number, cells: Cells::Owned(cells) }
    }

    /// What stands in a column, from 0.
    pub fn get(&self, column: usize) -> Raw<'r> {
        match &self.cells {
            Cells::Slots(slots) => slots.get(column),
            Cells::Owned(cells) => match cells.get(column) {
                None | Some(Owned::Empty) => Raw::Empty,
                Some(Owned::Text(text)) => Raw::Text(text),
                Some(Owned::Number(number)) => Raw::Number(*number),
                Some(Owned::Day(day)) => Raw::Day(*day),
                Some(Owned::Truth(truth)) => Raw::Truth(*truth),
                Some(Owned::Fault(text)) => Raw::Fault(text),
            },
        }
    }

    /// How many columns reach to its last cell.
    pub fn width(&self) -> usize {
        match &self.cells {
            Cells::Slots(slots) => slots.width(),
            Cells::Owned(cells) => cells.len().min(COLUMNS_MAX),
        }
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        (0..self.width()).all(|column| self.get(column).is_empty())
    }
}

impl Book {
    /// Opens a file by what it is, not by what its name says; the name only tells text tables from other text.
    pub fn open(name: &str, bytes: Vec<u8>) -> Result<Self, BookFault> {
        Self::opened(name, bytes, Scanning::WherePlain)
    }

    /// Opens a file as [`Book::open`] does, and reads all of it by the general XML reader, which takes several times as long:
    /// what the scanner is held against.
    pub fn open_unscanned(name: &str, bytes: Vec<u8>) -> Result<Self, BookFault> {
        Self::opened(name, bytes, Scanning::Never)
    }

    fn opened(name: &str, bytes: Vec<u8>, scanning: Scanning) -> Result<Self, BookFault> {
        if bytes.len() > BYTES_MAX {
            return Err(BookFault::too_large());
        }
        match bytes.as_slice() {
            [] => Err(BookFault::new(
                "book.empty",
                ("tệp rỗng", "the file is empty"),
                ("chọn đúng tệp rồi nộp lại", "choose the right file and hand it in anew"),
            )),
            [b'P', b'K', 3, 4, ..] => Self::packed(bytes, scanning),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => {
                let (old, sheets) = old::OldBook::xls(bytes)?;
                Ok(Self { sheets, inner: Inner::Old(old), macros: false })
            }
            _ if looks_like_text(&bytes) && names_workbook(name) => Err(BookFault::new(
                "book.not-a-workbook",
                (
                    "tệp mang tên sổ tính nhưng bên trong chỉ là văn bản",
                    "the file is called a workbook, but holds plain text",
                ),
                (
                    "mở bằng Excel rồi lưu lại thành .xlsx; nếu là bảng văn bản thì đổi đuôi thành .csv",
                    "open it in Excel and save it as .xlsx; where it is a table of text, call it .csv",
                ),
            )),
            _ if looks_like_text(&bytes) => {
                let rows = if let Some(rows) = dhis2::of_json(&bytes) {
                    rows?
                } else {
                    let rows = csv::rows(&bytes)?;
                    dhis2::of_table(&rows).unwrap_or(rows)
                };
                let sheets = vec![SheetName { name: stem(name).to_owned(), hidden: false }];
                Ok(Self { sheets, inner: Inner::Rows(rows), macros: false })
            }
            _ => Err(BookFault::new(
                "book.not-a-table",
                (
                    "tệp không phải là bảng tính: hình ảnh, PDF hoặc loại tệp khác",
                    "the file is no spreadsheet but a picture, a PDF or something else",
                ),
                (
                    "nộp tệp .xlsx, .xls, .ods hoặc .csv",
                    "hand in a file of the kind .xlsx, .xls, .ods or .csv",
                ),
            )),
        }
    }

    fn packed(bytes: Vec<u8>, scanning: Scanning) -> Result<Self, BookFault> {
        match xlsx::Package::open(bytes, scanning)? {
            xlsx::Opened::Xlsx { package, sheets, macros } => {
                Ok(Self { sheets, inner: Inner::Xlsx(package), macros })
            }
            xlsx::Opened::Ods(bytes) => {
                let (old, sheets) = old::OldBook::ods(bytes)?;
                Ok(Self { sheets, inner: Inner::Old(old), macros: false })
            }
        }
    }

    /// Its sheets, in their order.
    pub fn sheets(&self) -> &[SheetName] {
        &self.sheets
    }

    /// Gives the rows of a sheet one after the other until `hear` has heard enough. Rows in which nothing stands are left
    /// out.
    pub fn rows(
        &self,
        sheet: usize,
        hear: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), BookFault> {
        match &self.inner {
            Inner::Xlsx(package) => package.rows(sheet, hear),
            Inner::Rows(rows) => {
                hear_all(rows, hear);
                Ok(())
            }
            Inner::Old(old) => {
                old.rows(sheet, hear);
                Ok(())
            }
        }
    }
}

/// Gives rows that are there as a whole.
pub(crate) fn hear_all(rows: &[Vec<Owned>], hear: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>) {
    for (number, cells) in (1..=ROWS_MAX).zip(rows) {
        let row = Row::of_owned(number, cells);
        if !row.is_empty() && hear(row).is_break() {
            return;
        }
    }
}

/// Whether a name says that the file is a workbook.
fn names_workbook(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ["xlsx", "xlsm", "xls", "ods"].contains(&ending.as_str()))
}

/// No file of text has a zero byte, unless it is UTF-16, which says so in its first two bytes.
fn looks_like_text(bytes: &[u8]) -> bool {
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return true;
    }
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    !start.contains(&0)
        && !start.starts_with(b"%PDF")
        && !start.starts_with(b"{\\rtf")
        && !start.starts_with(b"<")
}

/// The name of a file without its folders and its ending.
fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
