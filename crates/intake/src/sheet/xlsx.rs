//! `.xlsx` as a stream: a zip of XML parts, of which only the shared strings are held in memory. Rows come out as they
//! are unpacked, so that a sheet of a hundred thousand rows needs little more than its longest row.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most of what XML can hold says nothing about a table"
)]

use std::fmt;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::book::{BookFault, COLUMNS_MAX, ROWS_MAX, Row, SheetName};
use super::cell::Raw;
use super::scan::{self, Element, Scanning, Source, Tag};

/// What all parts may unpack to. A sheet of a million rows of thirty columns unpacks to a gigabyte.
const UNPACKED_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// What a part may unpack to for each byte that it takes, once it is large: real sheets stay below a hundred.
const RATIO_MAX: u64 = 250;
/// From this size on the ratio is looked at.
const RATIO_FROM: u64 = 64 * 1024 * 1024;
/// What all shared strings together may take.
const STRINGS_MAX: usize = 256 * 1024 * 1024;
/// Cell formats that are kept: Excel itself stops at 65,490.
const STYLES_MAX: usize = 70_000;
/// Sheets of a file.
const SHEETS_MAX: usize = 1000;

/// What a zip turned out to be.
pub(crate) enum Opened {
    Xlsx { package: Package, sheets: Vec<SheetName>, macros: bool },
    Ods(Vec<u8>),
}

/// The parts of a file, opened.
pub(crate) struct Package {
    bytes: Vec<u8>,
    /// The part of each sheet, in their order.
    parts: Vec<String>,
    strings: Strings,
    /// Which cell formats show a number as a day.
    days: Vec<bool>,
    /// Whether days are counted from 1904, as older Macintosh programs did.
    from_1904: bool,
    scanning: Scanning,
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package").field("parts", &self.parts).finish_non_exhaustive()
    }
}

/// Texts that cells name by number, one behind the other.
#[derive(Debug, Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// What a cell of the row at hand holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    Empty,
    /// Text between two places of the row's own text.
    Own(usize, usize),
    Shared(usize),
    Number(f64),
    Serial(f64),
    Truth(bool),
    Fault(usize, usize),
}

/// The cells of the row at hand.
#[derive(Clone, Copy)]
pub(crate) struct Slots<'r> {
    cells: &'r [Slot],
    text: &'r str,
    strings: &'r Strings,
}

impl fmt::Debug for Slots<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.width()).map(|column| self.get(column))).finish()
    }
}

impl<'r> Slots<'r> {
    pub(crate) fn get(&self, column: usize) -> Raw<'r> {
        match self.cells.get(column) {
            None | Some(Slot::Empty) => Raw::Empty,
            Some(Slot::Own(start, end)) => {
                Raw::Text(self.text.get(*start..*end).unwrap_or_default())
            }
            Some(Slot::Fault(start, end)) => {
                Raw::Fault(self.text.get(*start..*end).unwrap_or_default())
            }
            Some(Slot::Shared(index)) => self.strings.get(*index).map_or(Raw::Empty, Raw::Text),
            Some(Slot::Number(number)) => Raw::Number(*number),
            Some(Slot::Serial(number)) => Raw::Serial(*number),
            Some(Slot::Truth(truth)) => Raw::Truth(*truth),
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.cells.len()
    }
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;
type Part<'a, 'b> = Reader<Source<std::io::Take<ZipFile<'a, Cursor<&'b [u8]>>>>>;

impl Package {
    /// Opens a zip: sees what it is, and reads what all sheets share.
    pub(crate) fn open(bytes: Vec<u8>, scanning: Scanning) -> Result<Opened, BookFault> {
        let mut archive = archive(&bytes)?;
        within_bounds(&mut archive)?;
        if archive.index_for_name("xl/workbook.xml").is_none() {
            if archive.index_for_name("content.xml").is_some() {
                drop(archive);
                return Ok(Opened::Ods(bytes));
            }
            let fault = if archive.index_for_name("word/document.xml").is_some() {
                BookFault::new(
                    "book.document",
                    (
                        "đây là văn bản Word, không phải bảng tính",
                        "this is a Word document, no spreadsheet",
                    ),
                    (
                        "nộp tệp .xlsx; kế hoạch dạng Word thì dùng chức năng đọc kế hoạch",
                        "hand in an .xlsx file; a plan in Word is read by the reading of plans",
                    ),
                )
            } else if archive.index_for_name("xl/workbook.bin").is_some() {
                BookFault::new(
                    "book.binary",
                    ("tệp .xlsb chưa đọc được", "files of the kind .xlsb are not read"),
                    ("trong Excel chọn Lưu thành .xlsx", "in Excel choose Save as .xlsx"),
                )
            } else {
                BookFault::new(
                    "book.not-a-table",
                    ("tệp nén này không phải là bảng tính", "this archive is no spreadsheet"),
                    (
                        "nộp tệp .xlsx, .xls, .ods hoặc .csv",
                        "hand in a file of the kind .xlsx, .xls, .ods or .csv",
                    ),
                )
            };
            return Err(fault);
        }
        let macros = archive.index_for_name("xl/vbaProject.bin").is_some();
        let relations = relationships(&mut archive)?;
        let (names, from_1904) = workbook(&mut archive)?;
        let mut sheets = Vec::new();
        let mut parts = Vec::new();
        for (name, relation) in names {
            if let Some(found) = relations.iter().find(|found| found.id == relation) {
                sheets.push(name);
                parts.push(found.target.clone());
            }
        }
        let of_kind = |kind: &str, usual: &'static str| {
            let found = relations.iter().find(|found| found.kind == kind);
            found.map_or(usual, |found| found.target.as_str())
        };
        let shared = of_kind("sharedStrings", "xl/sharedStrings.xml");
        let strings = shared_strings(&mut archive, shared, scanning)?;
        let days = styles(&mut archive, of_kind("styles", "xl/styles.xml"))?;
        drop(archive);
        let package = Self { bytes, parts, strings, days, from_1904, scanning };
        Ok(Opened::Xlsx { package, sheets, macros })
    }

    /// Gives the rows of a sheet.
    pub(crate) fn rows(
        &self,
        sheet: usize,
        hear: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), BookFault> {
        let Some(name) = self.parts.get(sheet) else { return Ok(()) };
        let mut archive = archive(&self.bytes)?;
        let Some(mut xml) = part(&mut archive, name, self.scanning)? else { return Ok(()) };
        let mut buffer = Vec::with_capacity(1024);
        let mut line = Line::default();
        let element = Element::row();
        let mut hear = |line: &Line| {
            let slots = Slots { cells: &line.slots, text: &line.text, strings: &self.strings };
            let row = Row::of_slots(line.number, slots);
            if row.is_empty() { ControlFlow::Continue(()) } else { hear(row) }
        };
        // Whether a row may be what comes next.
        let mut between = false;
        loop {
            while between && !line.open && !line.reading {
                let mut tag = Tag::IsEmpty;
                between = xml.get_mut().take(&element, |text| {
                    let row = scan::row(text, &mut line, &self.days, self.from_1904)?;
                    Ok(row.map(|(bytes, ends)| {
                        tag = ends;
                        bytes
                    }))
                })?;
                if between && tag == Tag::Opens && hear(&line).is_break() {
                    return Ok(());
                }
            }
            between = false;
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|_| BookFault::damaged())? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => line.begin(row_number(&tag))?,
                    "c" => line.open(&cell_tag(&tag), &self.days),
                    "v" | "t" if line.open => line.reading = true,
                    // Phonetic guides stand beside the text, they are not of it.
                    "rPh" => skip(&mut xml, "rPh")?,
                    "sheetData" => between = true,
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        line.begin(row_number(&tag))?;
                        between = true;
                    }
                    "c" => line.past(&cell_tag(&tag)),
                    _ => {}
                },
                Event::Text(text) if line.reading => line.text.push_str(&text.xml10_content()),
                Event::CData(text) if line.reading => line.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if line.reading => entity(&reference, &mut line.text),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" | "t" => line.reading = false,
                    "c" => line.close(self.from_1904),
                    "row" => {
                        if hear(&line).is_break() {
                            return Ok(());
                        }
                        between = true;
                    }
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(BookFault::damaged()),
                _ => {}
            }
        }
    }
}

/// The row that is being read.
#[derive(Default)]
pub(super) struct Line {
    pub(super) number: u32,
    slots: Vec<Slot>,
    /// What its cells hold that is no number.
    pub(super) text: String,
    /// Where the next cell stands that does not say where.
    next: usize,
    column: usize,
    /// Where the text of the open cell begins.
    from: usize,
    kind: CellType,
    is_day: bool,
    /// Whether a cell is open, and whether what comes is its value.
    open: bool,
    reading: bool,
}

/// What a cell's type attribute says.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum CellType {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Fault,
    Iso,
}

/// What the tag of a cell says.
#[derive(Default)]
pub(super) struct CellTag {
    column: Option<usize>,
    style: usize,
    kind: CellType,
}

impl CellTag {
    /// Takes in an attribute; of several of one name the last counts.
    pub(super) fn see(&mut self, name: &str, value: &str) {
        match name {
            "r" => self.column = column_of(value),
            "s" => self.style = value.parse().unwrap_or(0),
            "t" => {
                self.kind = match value {
                    "s" => CellType::Shared,
                    "str" | "inlineStr" => CellType::Text,
                    "b" => CellType::Truth,
                    "e" => CellType::Fault,
                    "d" => CellType::Iso,
                    _ => CellType::Number,
                }
            }
            _ => {}
        }
    }
}

fn cell_tag(tag: &BytesStart<'_>) -> CellTag {
    let mut said = CellTag::default();
    for attribute in tag.attributes().with_checks(false).flatten() {
        said.see(attribute.key.as_ref(), &attribute.value);
    }
    said
}

fn row_number(tag: &BytesStart<'_>) -> Option<u32> {
    attribute(tag, "r")?.parse().ok()
}

impl Line {
    /// `said` is the number that the row gives itself.
    pub(super) fn begin(&mut self, said: Option<u32>) -> Result<(), BookFault> {
        self.slots.clear();
        self.text.clear();
        self.next = 0;
        self.number = said.unwrap_or(self.number + 1);
        if self.number > ROWS_MAX { Err(BookFault::too_large()) } else { Ok(()) }
    }

    /// Goes back to before a row that was begun, and behind one of that number.
    pub(super) fn forget(&mut self, number: u32) {
        self.number = number;
        self.open = false;
    }

    /// A cell with nothing in it.
    pub(super) fn past(&mut self, tag: &CellTag) {
        self.next = tag.column.unwrap_or(self.next).saturating_add(1);
    }

    pub(super) fn open(&mut self, tag: &CellTag, days: &[bool]) {
        self.kind = tag.kind;
        self.column = tag.column.unwrap_or(self.next);
        self.next = self.column.saturating_add(1);
        self.is_day = days.get(tag.style).copied().unwrap_or(false);
        self.from = self.text.len();
        self.open = true;
        self.reading = false;
    }

    pub(super) fn close(&mut self, from_1904: bool) {
        if !self.open {
            return;
        }
        self.open = false;
        if self.column >= COLUMNS_MAX {
            self.text.truncate(self.from);
            return;
        }
        let value = self.text.get(self.from..).unwrap_or_default();
        let end = self.text.len();
        let slot = match self.kind {
            _ if value.is_empty() => Slot::Empty,
            CellType::Text | CellType::Iso => Slot::Own(self.from, end),
            CellType::Fault => Slot::Fault(self.from, end),
            CellType::Shared => value.trim().parse().map_or(Slot::Empty, Slot::Shared),
            CellType::Truth => Slot::Truth(value.trim() == "1"),
            CellType::Number => match number(value.trim()) {
                Some(number) if self.is_day && from_1904 => Slot::Serial(number + 1462.0),
                Some(number) if self.is_day => Slot::Serial(number),
                Some(number) => Slot::Number(number),
                None => Slot::Own(self.from, end),
            },
        };
        if !matches!(slot, Slot::Own(..) | Slot::Fault(..)) {
            self.text.truncate(self.from);
        }
        if self.slots.len() <= self.column {
            self.slots.resize(self.column + 1, Slot::Empty);
        }
        if let Some(place) = self.slots.get_mut(self.column) {
            *place = slot;
        }
    }
}

/// The number that a cell writes down. Most are whole and short, and those need no care with fractions.
fn number(text: &str) -> Option<f64> {
    if text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<u32>().ok().map(f64::from);
    }
    text.parse().ok()
}

/// The column of a cell's address, from 0: `B7` is 1.
pub(super) fn column_of(address: &str) -> Option<usize> {
    let mut column = 0_usize;
    for byte in address.bytes().take_while(u8::is_ascii_alphabetic) {
        column = column
            .checked_mul(26)?
            .checked_add(usize::from(byte.to_ascii_uppercase() - b'A') + 1)?;
    }
    column.checked_sub(1)
}

fn archive(bytes: &[u8]) -> Result<Archive<'_>, BookFault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| BookFault::damaged())
}

/// Refuses what unpacks to far more than a table could be, before anything is unpacked.
fn within_bounds(archive: &mut Archive<'_>) -> Result<(), BookFault> {
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| BookFault::damaged())?;
        if part.encrypted() {
            return Err(BookFault::password());
        }
        total = total.saturating_add(part.size());
        let packed = part.compressed_size().max(1);
        if total > UNPACKED_MAX || (part.size() > RATIO_FROM && part.size() / packed > RATIO_MAX) {
            return Err(BookFault::too_large());
        }
    }
    Ok(())
}

/// A part of the archive as XML; none where it has none of this name. What it claims to unpack to was checked; what it
/// really unpacks to is cut off there.
fn part<'a, 'b>(
    archive: &'a mut Archive<'b>,
    name: &str,
    scanning: Scanning,
) -> Result<Option<Part<'a, 'b>>, BookFault> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let part = archive.by_index(index).map_err(|_| BookFault::damaged())?;
    let size = part.size();
    let mut xml = Reader::from_reader(Source::new(part.take(size), scanning));
    xml.config_mut().check_end_names = false;
    Ok(Some(xml))
}

/// Where the workbook says that another part lies.
struct Relation {
    id: String,
    /// The last word of its type, as `styles`.
    kind: String,
    /// The path in the archive.
    target: String,
}

fn relationships(archive: &mut Archive<'_>) -> Result<Vec<Relation>, BookFault> {
    let mut targets = Vec::new();
    each_tag(archive, "xl/_rels/workbook.xml.rels", |tag| {
        if tag.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
            && targets.len() < 2 * SHEETS_MAX
        {
            let target = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("xl/{}", target.trim_start_matches("./")),
            };
            let kind = attribute(tag, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            targets.push(Relation { id, kind, target });
        }
    })?;
    Ok(targets)
}

/// The sheets with the relation of each, and whether days are counted from 1904.
fn workbook(archive: &mut Archive<'_>) -> Result<(Vec<(SheetName, String)>, bool), BookFault> {
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    each_tag(archive, "xl/workbook.xml", |tag| match tag.local_name().as_ref() {
        "sheet" if sheets.len() < SHEETS_MAX => {
            let relation = tag
                .attributes()
                .with_checks(false)
                .flatten()
                .find(|a| a.key.local_name().as_ref() == "id" && a.key.as_ref() != "id");
            if let (Some(name), Some(relation)) = (attribute(tag, "name"), relation) {
                let hidden = attribute(tag, "state").is_some_and(|state| state != "visible");
                sheets.push((SheetName { name, hidden }, relation.value.into_owned()));
            }
        }
        "workbookPr" => {
            from_1904 =
                attribute(tag, "date1904").is_some_and(|said| said == "1" || said == "true");
        }
        _ => {}
    })?;
    Ok((sheets, from_1904))
}

/// The texts that cells name by number.
fn shared_strings(
    archive: &mut Archive<'_>,
    name: &str,
    scanning: Scanning,
) -> Result<Strings, BookFault> {
    let mut strings = Strings::default();
    let Some(mut xml) = part(archive, name, scanning)? else {
        return Ok(strings);
    };
    let mut buffer = Vec::with_capacity(1024);
    let mut reading = false;
    let element = Element::shared_text();
    // Whether a text may be what comes next.
    let mut between = false;
    loop {
        while between && !reading {
            between = xml.get_mut().take(&element, |element| {
                Ok(scan::shared_text(element).map(|(text, bytes)| {
                    strings.text.push_str(text);
                    strings.ends.push(strings.text.len());
                    bytes
                }))
            })?;
            if strings.text.len() > STRINGS_MAX {
                return Err(BookFault::too_large());
            }
        }
        between = false;
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| BookFault::damaged())? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => reading = true,
                "rPh" => skip(&mut xml, "rPh")?,
                "sst" => between = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => {
                strings.ends.push(strings.text.len());
                between = true;
            }
            Event::Text(text) if reading => strings.text.push_str(&text.xml10_content()),
            Event::CData(text) if reading => strings.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if reading => entity(&reference, &mut strings.text),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => reading = false,
                "si" => {
                    strings.ends.push(strings.text.len());
                    between = true;
                }
                _ => {}
            },
            Event::Eof => return Ok(strings),
            _ => {}
        }
        if strings.text.len() > STRINGS_MAX {
            return Err(BookFault::too_large());
        }
    }
}

/// Which cell formats show a number as a day.
fn styles(archive: &mut Archive<'_>, name: &str) -> Result<Vec<bool>, BookFault> {
    let mut own: Vec<(u32, bool)> = Vec::new();
    let mut days = Vec::new();
    let mut in_cell_formats = false;
    each_tag(archive, name, |tag| match tag.local_name().as_ref() {
        "numFmt" if own.len() < STYLES_MAX => {
            let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok());
            if let (Some(id), Some(code)) = (id, attribute(tag, "formatCode")) {
                own.push((id, shows_day(&code)));
            }
        }
        "cellXfs" => in_cell_formats = true,
        "cellStyles" | "dxfs" => in_cell_formats = false,
        "xf" if in_cell_formats && days.len() < STYLES_MAX => {
            let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
            // 14 to 22 and 45 to 47 are built in; 27 to 36 and 50 to 58 are those of East Asian editions.
            let built_in = matches!(id, 14..=17 | 22 | 27..=36 | 50..=58);
            let named = own.iter().find(|(own, _)| *own == id).map(|(_, day)| *day);
            days.push(named.unwrap_or(built_in));
        }
        _ => {}
    })?;
    Ok(days)
}

/// Whether a format shows days: it has a letter for day or year outside quotation marks and brackets.
fn shows_day(code: &str) -> bool {
    let mut quoted = false;
    let mut bracket = false;
    let mut escaped = false;
    code.chars().any(|c| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '"' => quoted = !quoted,
            '[' => bracket = true,
            ']' => bracket = false,
            '\\' | '_' => escaped = true,
            'd' | 'D' | 'y' | 'Y' if !quoted && !bracket => return true,
            _ => {}
        }
        false
    })
}

/// Runs over the opening tags of a small part.
fn each_tag(
    archive: &mut Archive<'_>,
    name: &str,
    mut see: impl FnMut(&BytesStart<'_>),
) -> Result<(), BookFault> {
    let Some(mut xml) = part(archive, name, Scanning::Never)? else { return Ok(()) };
    let mut buffer = Vec::with_capacity(1024);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| BookFault::damaged())? {
            Event::Start(tag) | Event::Empty(tag) => see(&tag),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute's value, with its entities resolved.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The character that a reference stands for.
fn entity(reference: &BytesRef<'_>, text: &mut String) {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        text.push(c);
        return;
    }
    let name = reference.xml10_content();
    if let Some(resolved) = quick_xml::escape::resolve_predefined_entity(&name) {
        text.push_str(resolved);
    }
}

/// Passes over an element and everything in it.
fn skip<R: std::io::BufRead>(xml: &mut Reader<R>, name: &str) -> Result<(), BookFault> {
    let mut buffer = Vec::new();
    let mut depth = 1_u32;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| BookFault::damaged())? {
            Event::Start(tag) if tag.local_name().as_ref() == name => depth += 1,
            Event::End(tag) if tag.local_name().as_ref() == name => {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            }
            Event::Eof => return Err(BookFault::damaged()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_addresses() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("Z9"), Some(25));
        assert_eq!(column_of("AA10"), Some(26));
        assert_eq!(column_of("7"), None);
    }
    #[test]
    fn formats_that_show_days() {
        for code in ["dd/mm/yyyy", "[$-42A]d mmmm yyyy", "yyyy\\-mm\\-dd", "m/d/yy h:mm"] {
            assert!(shows_day(code), "{code}");
        }
        for code in
            ["#,##0", "0.00", "#,##0\\ \"đồng\"", "[Red]-0", "General", "mm:ss", "\"ngày\" 0"]
        {
            assert!(!shows_day(code), "{code}");
        }
    }
}
