//! A text file with places: from byte spans to lines and columns in characters, and the log of what is wrong in it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use hoptac_model::finding::{Finding, Place, Severity};
use hoptac_model::text::{self, Words};
use hoptac_model::words;

use crate::encoding;

/// What a file may weigh. The largest real one, the units of the whole country, has one megabyte.
pub(crate) const SIZE_MAX: usize = 8 * 1024 * 1024;

/// Lines longer than this are shown up to here.
const EXCERPT_MAX: usize = 600;

/// Findings of one file beyond this are only counted: nobody reads them, and a hostile file must not fill the memory.
const FINDINGS_MAX: usize = 200;

/// The text of a file, from which places are made.
pub(crate) struct TextFile {
    name: String,
    text: String,
    /// Where each line starts.
    starts: Vec<usize>,
}

impl TextFile {
    /// Reads a file of a pack as text; what keeps it from being one is logged.
    pub(crate) fn open(name: &str, bytes: &[u8], log: &Log) -> Option<Self> {
        if bytes.len() > SIZE_MAX {
            log.push(Finding::at(
                "pack.too-large",
                Place { file: name.to_owned(), ..Place::default() },
                words!(
                    "tệp lớn hơn {most} MB, mức tối đa của một tệp trong gói",
                    "the file is larger than the {most} MB that a pack's file may have",
                    most = SIZE_MAX / 1024 / 1024
                ),
                words!(
                    "tệp trong gói là bảng số liệu hoặc phần mô tả; kiểm tra lại xem có đúng tệp không",
                    "a pack's file is a table or a description; check that it is the right one"
                ),
            ));
            return None;
        }
        let decoded = match encoding::decode(bytes) {
            Ok(decoded) => decoded,
            Err(fault) => {
                let place = Place { file: name.to_owned(), line: fault.line, ..Place::default() };
                log.push(Finding::at("pack.encoding", place, fault.message, fault.remedy));
                return None;
            }
        };
        let file = Self::new(name, decoded.text);
        if decoded.bom {
            log.note(
                &file,
                0..0,
                "pack.bom",
                words!(
                    "tệp bắt đầu bằng dấu thứ tự byte (BOM); dấu này được bỏ qua",
                    "the file begins with a byte order mark, which is read over"
                ),
                words!("lưu tệp dạng UTF-8 không có BOM", "save it as UTF-8 without one"),
            );
        }
        file.check_normal_form(log);
        Some(file)
    }

    /// A file with this text.
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(
                text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1),
            )
            .collect();
        Self { name: name.to_owned(), text: text.to_owned(), starts }
    }

    /// The name of the file in its folder.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The part of the text that a span covers.
    pub(crate) fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The number of the line that holds a byte, from 1.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }

    /// The span of a line, from 1, without its end.
    pub(crate) fn line_span(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        let end = if self.slice(&(start..end)).ends_with('\r') { end - 1 } else { end };
        start..end.max(start)
    }

    /// The place of a span. What reaches over the end of a line is shown up to there.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let start = self.boundary(span.start);
        let line = self.line_of(start);
        let whole = self.line_span(line);
        let start = start.min(whole.end);
        let end = self.boundary(span.end).clamp(start, whole.end);
        let column = self.slice(&(whole.start..start)).chars().count();
        let length = self.slice(&(start..end)).chars().count().max(1);
        let shown = if column + length > EXCERPT_MAX { 0 } else { EXCERPT_MAX };
        Place {
            file: self.name.clone(),
            line: count(line),
            column: count(column + 1),
            length: count(length),
            // A control character would move the mark, or the cursor of the terminal.
            excerpt: self
                .slice(&whole)
                .chars()
                .take(shown)
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        }
    }

    /// The nearest character's start at or before a byte.
    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Vietnamese letters can be written composed or as a letter with marks behind it. Both are read, only one is stored.
    fn check_normal_form(&self, log: &Log) {
        let mut lines = 0_usize;
        let mut first = None;
        for line in 1..=self.starts.len() {
            let span = self.line_span(line);
            let written = self.slice(&span);
            if written.is_ascii() {
                continue;
            }
            let normal = text::nfc(written);
            if normal == written {
                continue;
            }
            lines += 1;
            first.get_or_insert_with(|| {
                let same: usize = written
                    .chars()
                    .zip(normal.chars())
                    .take_while(|(a, b)| a == b)
                    .map(|(c, _)| c.len_utf8())
                    .sum();
                let marks = written.get(same..).unwrap_or_default();
                let length: usize = marks.chars().take(2).map(char::len_utf8).sum();
                span.start + same..span.start + same + length
            });
        }
        if let Some(span) = first {
            let also = match lines {
                1 => Words::default(),
                more => words!(", tổng cộng {more} dòng", ", and so on {more} lines", more),
            };
            log.warning(
                self,
                span,
                "pack.normal-form",
                words!(
                    "chữ ở đây viết rời khỏi dấu (không phải Unicode NFC){also}; được đọc như chữ dựng sẵn",
                    "letters are written apart from their marks here (not Unicode NFC){also}; they are read as composed letters",
                    also
                ),
                words!(
                    "lưu tệp với chữ Unicode dựng sẵn (chọn trong UniKey)",
                    "save the file with composed letters (UniKey: Unicode dựng sẵn)"
                ),
            );
        }
    }
}

/// What is wrong in all files read so far. Shared by all readers of a pack, so that none has to carry its own list.
#[derive(Default)]
pub(crate) struct Log {
    pages: RefCell<BTreeMap<String, Page>>,
}

/// What is wrong in one file.
#[derive(Default)]
struct Page {
    findings: Vec<Finding>,
    beyond: usize,
    worst_beyond: Option<Severity>,
}

impl Log {
    /// An error at a place in a file.
    pub(crate) fn error(
        &self,
        file: &TextFile,
        span: Range<usize>,
        code: &'static str,
        message: Words,
        remedy: Words,
    ) {
        self.add(file, &span, Severity::Error, code, (message, remedy));
    }

    /// A warning at a place in a file.
    pub(crate) fn warning(
        &self,
        file: &TextFile,
        span: Range<usize>,
        code: &'static str,
        message: Words,
        remedy: Words,
    ) {
        self.add(file, &span, Severity::Warning, code, (message, remedy));
    }

    /// A note at a place in a file.
    pub(crate) fn note(
        &self,
        file: &TextFile,
        span: Range<usize>,
        code: &'static str,
        message: Words,
        remedy: Words,
    ) {
        self.add(file, &span, Severity::Note, code, (message, remedy));
    }

    /// Adds a finding at a place, which is only worked out while there is room: in a hostile file that alone would take
    /// minutes.
    fn add(
        &self,
        file: &TextFile,
        span: &Range<usize>,
        severity: Severity,
        code: &'static str,
        (message, remedy): (Words, Words),
    ) {
        let has_room = self
            .pages
            .borrow()
            .get(file.name())
            .is_none_or(|page| page.findings.len() < FINDINGS_MAX);
        let place = if has_room {
            file.place(span)
        } else {
            Place { file: file.name().to_owned(), ..Place::default() }
        };
        self.push(Finding::at(code, place, message, remedy).with_severity(severity));
    }

    /// Adds a finding.
    pub(crate) fn push(&self, finding: Finding) {
        let name = finding.place.as_ref().map_or("", |place| &place.file);
        let mut pages = self.pages.borrow_mut();
        let page = pages.entry(name.to_owned()).or_default();
        if page.findings.len() < FINDINGS_MAX {
            page.findings.push(finding);
        } else {
            page.beyond += 1;
            let worst = page.worst_beyond.map_or(finding.severity, |w| w.min(finding.severity));
            page.worst_beyond = Some(worst);
        }
    }

    /// All findings, by file, line and column.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, mut page) in self.pages.into_inner() {
            page.findings.sort_by_key(|finding| {
                finding.place.as_ref().map(|place| (place.line, place.column))
            });
            findings.append(&mut page.findings);
            if let Some(severity) = page.worst_beyond {
                let finding = Finding::at(
                    "pack.too-many",
                    Place { file: name, ..Place::default() },
                    words!(
                        "còn {beyond} phát hiện khác trong tệp này chưa hiển thị",
                        "{beyond} more findings in this file are not shown",
                        beyond = page.beyond
                    ),
                    words!("sửa các lỗi nêu trên trước", "mend those above first"),
                );
                findings.push(finding.with_severity(severity));
            }
        }
        findings
    }
}

/// Something that people wrote, short enough for a sentence and without control characters.
pub(crate) fn quote(written: &str) -> String {
    let shown: String =
        written.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if written.chars().nth(60).is_some() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

/// Splits the sentence of an error into what is wrong and what to write, which the nouns put behind the last semicolon.
pub(crate) fn sentence(error: &Words) -> (Words, Words) {
    let (vi, vi_remedy) = error.vi.rsplit_once("; ").unwrap_or((&error.vi, ""));
    let (en, en_remedy) = error.en.rsplit_once("; ").unwrap_or((&error.en, ""));
    (Words::new(vi, en), Words::new(vi_remedy, en_remedy))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, part: &str, want: (u32, u32, u32)) {
        let start = text.find(part).expect("the part is in the text");
        let place = TextFile::new("a.toml", text).place(&(start..start + part.len()));
        assert_eq!((place.line, place.column, place.length), want);
    }

    #[test]
    fn columns_count_characters() {
        check("a = 1\ntên = \"Tổ hợp tác\"\n", "hợp", (2, 11, 3));
    }
    #[test]
    fn a_span_over_lines_ends_with_its_first() {
        check("a = '''x\ny'''\n", "'''x\ny'''", (1, 5, 4));
    }
    #[test]
    fn the_end_of_the_line_is_a_place() {
        let place = TextFile::new("a.toml", "ab\r\nc").place(&(2..2));
        assert_eq!((place.line, place.column, place.excerpt.as_str()), (1, 3, "ab"));
    }
    #[test]
    fn the_end_of_the_file_is_a_place() {
        let place = TextFile::new("a.toml", "ab\n").place(&(90..99));
        assert_eq!((place.line, place.column), (2, 1));
    }
    #[test]
    fn marks_apart_from_their_letters_are_told_once() {
        let log = Log::default();
        TextFile::open("a.toml", "x = 'to\u{302}\u{309} ho\u{31b}\u{323}p'\n".as_bytes(), &log);
        let findings = log.into_findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings.first().map(|f| (f.code, f.severity)),
            Some(("pack.normal-form", Severity::Warning))
        );
    }
    #[test]
    fn a_sentence_is_split_where_its_remedy_begins() {
        let error = hoptac_model::date::parse("a; b").unwrap_err();
        let (message, remedy) = sentence(&error.words());
        assert_eq!(message.en, "`a; b` is not a date");
        assert_eq!(message.vi, "`a; b` không phải là ngày");
        assert_eq!(remedy.en, "write year-month-day, for example 2025-12-31");
        assert_eq!(remedy.vi, "hãy ghi năm-tháng-ngày, ví dụ 2025-12-31");
    }
    #[test]
    fn findings_beyond_the_limit_are_counted_and_keep_their_severity() {
        let log = Log::default();
        let file = TextFile::new("a.toml", "x");
        let none = Words::default;
        (0..FINDINGS_MAX).for_each(|_| log.note(&file, 0..1, "pack.bom", none(), none()));
        log.error(&file, 0..1, "pack.value", none(), none());
        let findings = log.into_findings();
        assert_eq!(findings.len(), FINDINGS_MAX + 1);
        assert!(findings.last().is_some_and(Finding::is_error));
    }
}
