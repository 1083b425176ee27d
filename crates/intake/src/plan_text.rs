//! The text of a plan as the operator attaches it: read, and searched for the few words that carry a target's number.

use std::ops::Range;

use hoptac_model::finding::{Finding, Place, Severity};
use hoptac_model::text::{self, Words};
use hoptac_model::words;

use crate::encoding;

/// What a plan's text may weigh. A plan of a hundred pages has half a megabyte.
const SIZE_MAX: usize = 5 * 1024 * 1024;

/// Reads the text of a plan: UTF-8, composed, with `\n` at line ends. What cannot be read is refused, never guessed.
pub fn read_text(bytes: &[u8], file_name: &str) -> (Option<String>, Vec<Finding>) {
    let mut findings = Vec::new();
    let place = |line: u32| Place { file: file_name.to_owned(), line, ..Place::default() };
    let refuse = |code: &'static str, line: u32, message: Words, remedy: Words| {
        (None, vec![Finding::at(code, place(line), message, remedy)])
    };
    if bytes.len() > SIZE_MAX {
        let message = words!(
            "tệp nặng {has} MB, quá {most} MB cho phép đối với toàn văn kế hoạch",
            "the file has {has} MB, more than the {most} MB that the text of a plan may have",
            has = bytes.len().div_ceil(1024 * 1024),
            most = SIZE_MAX / 1024 / 1024
        );
        let remedy = words!("chỉ nộp phần chữ của kế hoạch", "hand in the text of the plan alone");
        return refuse("plan-text.too-large", 0, message, remedy);
    }
    if let Some((what, remedy)) = other_kind(bytes) {
        let message = words!(
            "tệp là {what}, không phải văn bản thuần",
            "the file is {what}, not plain text",
            what
        );
        return refuse("plan-text.not-text", 0, message, remedy);
    }
    let decoded = match encoding::decode(bytes) {
        Ok(decoded) => decoded,
        Err(fault) => {
            return refuse("plan-text.encoding", fault.line, fault.message, fault.remedy);
        }
    };
    if decoded.text.trim().is_empty() {
        let message = words!("tệp không có chữ nào", "the file has no text");
        let remedy = words!("nộp toàn văn của kế hoạch", "hand in the text of the plan");
        return refuse("plan-text.empty", 0, message, remedy);
    }
    let lines = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
    let composed = text::nfc(&lines);
    if composed != lines {
        let finding = Finding::at(
            "plan-text.normal-form",
            place(0),
            words!(
                "chữ và dấu được ghi rời nhau (không phải Unicode dựng sẵn); chương trình lưu ở dạng dựng sẵn",
                "letters are written apart from their marks (not Unicode NFC); they are stored as composed letters"
            ),
            words!("không cần làm gì", "nothing needs to be done"),
        );
        findings.push(finding.with_severity(Severity::Note));
    }
    (Some(composed), findings)
}

/// Documents that are no text but begin with a sign of their own.
fn other_kind(bytes: &[u8]) -> Option<(Words, Words)> {
    let save = words!(
        "mở tệp và lưu lại thành văn bản thuần, mã UTF-8",
        "open it and save it as plain text, encoded as UTF-8"
    );
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => {
            let copy = words!(
                "chép phần chữ sang tệp văn bản, lưu ở dạng UTF-8",
                "copy its text into a text file, saved as UTF-8"
            );
            Some((words!("tệp PDF", "a PDF"), copy))
        }
        [b'P', b'K', 3, 4, ..] => {
            let what =
                words!("tài liệu Word hoặc tệp nén khác", "a Word document or another packed file");
            Some((what, save))
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Some((words!("tài liệu Word đời cũ", "an old Word document"), save))
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            Some((words!("tài liệu rich text", "a rich-text document"), save))
        }
        _ => None,
    }
}

/// Where the words stand in a text, as characters from its beginning. White space counts as one blank, however much
/// there is of it and whether lines end in it or not; letters must be the same, capitals included. Offsets are those of
/// the text as it was given.
pub fn locate(text: &str, words: &str) -> Option<Range<usize>> {
    let wanted: Vec<char> =
        text::nfc(&words.split_whitespace().collect::<Vec<_>>().join(" ")).chars().collect();
    let (letters, places) = collapsed(text);
    let first = *wanted.first()?;
    let last_start = letters.len().checked_sub(wanted.len())?;
    let at = (0..=last_start).find(|at| {
        letters.get(*at) == Some(&first)
            && letters.get(*at..*at + wanted.len()) == Some(&wanted)
            && is_whole(&letters, &(*at..*at + wanted.len()))
    })?;
    let last = places.get(at + wanted.len() - 1)?;
    Some(places.get(at)?.start..last.end)
}

/// Whether words stand by themselves: `80%` is not found in `180%`, `250` not in `4.250`, `tổ` not in `tổng`.
fn is_whole(letters: &[char], place: &Range<usize>) -> bool {
    let at = |index: Option<usize>| index.and_then(|index| letters.get(index)).copied();
    let goes_on = |inner: Option<char>, near: Option<char>, far: Option<char>| {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let joined = matches!(near, Some('.' | ',')) && is_digit(inner) && is_digit(far);
        joined
            || inner.is_some_and(char::is_alphanumeric) && near.is_some_and(char::is_alphanumeric)
    };
    let (first, end) = (place.start, place.end);
    let before = goes_on(at(Some(first)), at(first.checked_sub(1)), at(first.checked_sub(2)));
    let behind = goes_on(at(end.checked_sub(1)), at(Some(end)), at(Some(end + 1)));
    !before && !behind
}

/// The paragraph, which in a plan is the bullet, around a place, without blanks at its ends. A paragraph is a line, with
/// the lines that go on with its sentence where a program broke them. Offsets count characters.
pub fn paragraph(text: &str, place: &Range<usize>) -> Range<usize> {
    let letters: Vec<char> = text.chars().collect();
    let from = place.start.min(letters.len());
    let to = place.end.clamp(from, letters.len());
    let lines = lines(&letters);
    let line_at = |at: usize| lines.partition_point(|line| line.start <= at).saturating_sub(1);
    let (mut first, mut last) = (line_at(from), line_at(to.saturating_sub(1).max(from)));
    let line = |index: usize| {
        lines.get(index).and_then(|line| letters.get(line.clone())).unwrap_or_default()
    };
    while first > 0 && goes_on(line(first - 1), line(first)) {
        first -= 1;
    }
    while last + 1 < lines.len() && goes_on(line(last), line(last + 1)) {
        last += 1;
    }
    let mut start = lines.get(first).map_or(from, |line| line.start.min(from));
    let mut end = lines.get(last).map_or(to, |line| line.end.max(to));
    let is_blank = |at: usize| letters.get(at).is_some_and(|c| c.is_whitespace());
    while start < from && is_blank(start) {
        start += 1;
    }
    while end > to && is_blank(end - 1) {
        end -= 1;
    }
    start..end
}

/// Where each line stands, without its end.
fn lines(letters: &[char]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in letters.split(|c| *c == '\n') {
        lines.push(start..start + line.len());
        start += line.len() + 1;
    }
    lines
}

/// Whether a line goes on with the sentence of the one before: that one does not end a sentence, and this one begins
/// neither with a capital nor with a bullet or number of its own.
fn goes_on(before: &[char], line: &[char]) -> bool {
    let last = before.iter().rev().find(|c| !c.is_whitespace());
    let begins: Vec<char> = line.iter().copied().skip_while(|c| c.is_whitespace()).collect();
    let digits = begins.iter().take_while(|c| c.is_ascii_digit()).count();
    let numbered = digits > 0
        && begins.get(digits).is_some_and(|c| matches!(c, '.' | ')'))
        && begins.get(digits + 1).is_none_or(|c| c.is_whitespace());
    let lettered = begins.get(1) == Some(&')');
    let open = last.is_some_and(|c| !matches!(c, '.' | ';' | ':' | '!' | '?'));
    let within =
        begins.first().is_some_and(|c| c.is_lowercase() || c.is_ascii_digit() || *c == '(');
    open && within && !numbered && !lettered
}

/// The letters of a text, composed and with one blank for any white space, and for each the characters it came from.
fn collapsed(text: &str) -> (Vec<char>, Vec<Range<usize>>) {
    let mut letters = Vec::new();
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut characters = text.chars().enumerate().peekable();
    let mut cluster = String::new();
    while let Some((start, c)) = characters.next() {
        let mut end = start + 1;
        if c.is_whitespace() {
            while characters.next_if(|(_, c)| c.is_whitespace()).is_some() {
                end += 1;
            }
            letters.push(' ');
            places.push(start..end);
            continue;
        }
        cluster.clear();
        cluster.push(c);
        while let Some((_, mark)) = characters.next_if(|(_, c)| is_mark(*c)) {
            cluster.push(mark);
            end += 1;
        }
        if end == start + 1 {
            letters.push(c);
            places.push(start..end);
        } else {
            for composed in text::nfc(&cluster).chars() {
                letters.push(composed);
                places.push(start..end);
            }
        }
    }
    (letters, places)
}

/// The marks that Vietnamese letters are written with, and their neighbours.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str =
        "II. MỤC TIÊU\n\n- Đến năm 2030 có khoảng\n850 tổ hợp tác.\n  - Trên 50% xếp loại tốt; \n";

    #[track_caller]
    fn check(text: &str, words: &str, want: Option<&str>) {
        let found = locate(text, words);
        let shown =
            found.map(|place| text.chars().skip(place.start).take(place.len()).collect::<String>());
        assert_eq!(shown.as_deref(), want);
    }

    #[test]
    fn words_in_a_line() {
        check(PLAN, "850 tổ hợp tác", Some("850 tổ hợp tác"));
    }
    #[test]
    fn words_over_a_line_end() {
        check(PLAN, "khoảng 850  tổ hợp tác", Some("khoảng\n850 tổ hợp tác"));
    }
    #[test]
    fn a_blank_that_does_not_break() {
        check("khoảng\u{a0}850 tổ", "khoảng 850", Some("khoảng\u{a0}850"));
    }
    #[test]
    fn letters_apart_from_their_marks() {
        check(
            "co\u{301} 5 to\u{302}\u{309} ho\u{31b}\u{323}p",
            "tổ hợp",
            Some("to\u{302}\u{309} ho\u{31b}\u{323}p"),
        );
        check("có 5 tổ hợp", "to\u{302}\u{309} ho\u{31b}\u{323}p", Some("tổ hợp"));
    }
    #[test]
    fn a_letter_is_not_found_within_one_with_marks() {
        check("to\u{302}\u{309}", "to", None);
    }
    #[test]
    fn numbers_and_words_are_whole() {
        check("180% và 80%", "80%", Some("80%"));
        check("4.250 thành viên", "250 thành viên", None);
        check("có 4.250, rồi 4", "có 4", None);
        check("tổng số, tổ", "tổ", Some("tổ"));
        check("năm 2030.", "năm 2030", Some("năm 2030"));
        check("80%tổ chức", "80%", Some("80%"));
    }
    #[test]
    fn capitals_count() {
        check(PLAN, "trên 50%", None);
        check(PLAN, "Trên 50%", Some("Trên 50%"));
    }
    #[test]
    fn nothing_is_nowhere() {
        check(PLAN, "  ", None);
        check("", "850", None);
    }

    #[track_caller]
    fn check_paragraph(words: &str, want: &str) {
        let place = locate(PLAN, words).expect("the words are in the plan");
        let around = paragraph(PLAN, &place);
        let shown: String = PLAN.chars().skip(around.start).take(around.len()).collect();
        assert_eq!(shown, want);
    }

    #[test]
    fn the_bullet_around_words() {
        check_paragraph("50%", "- Trên 50% xếp loại tốt;");
        check_paragraph("MỤC TIÊU", "II. MỤC TIÊU");
        check_paragraph("khoảng 850", "- Đến năm 2030 có khoảng\n850 tổ hợp tác.");
    }
    #[test]
    fn the_bullet_around_a_part_of_a_broken_line() {
        check_paragraph("850 tổ", "- Đến năm 2030 có khoảng\n850 tổ hợp tác.");
        check_paragraph("Đến năm", "- Đến năm 2030 có khoảng\n850 tổ hợp tác.");
    }

    #[track_caller]
    fn check_goes_on(before: &str, line: &str, want: bool) {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(goes_on(&letters(before), &letters(line)), want);
    }

    #[test]
    fn lines_that_begin_something_new() {
        check_goes_on("1. Mục đích", "- tổ chức triển khai", false);
        check_goes_on("1. Mục đích", "2. yêu cầu", false);
        check_goes_on("1. Mục đích", "a) yêu cầu", false);
        check_goes_on("MỤC TIÊU", "Đến năm 2030", false);
        check_goes_on("đạt 50%;", "trong đó có", false);
        check_goes_on("", "trong đó có", false);
    }
    #[test]
    fn lines_that_go_on() {
        check_goes_on("- Đến năm 2030 có", "10.500 thành viên", true);
        check_goes_on("- Đến năm 2030 có ", "khoảng 850", true);
    }
    #[test]
    fn a_place_beyond_the_text_is_its_end() {
        assert_eq!(paragraph("ab", &(7..9)), 0..2);
    }

    #[track_caller]
    fn check_read(bytes: &[u8], want: Result<&str, &str>) {
        let (text, findings) = read_text(bytes, "plan.txt");
        match want {
            Ok(want) => {
                assert_eq!(text.as_deref(), Some(want));
                assert!(!findings.iter().any(Finding::is_error));
            }
            Err(code) => {
                assert_eq!(text, None);
                assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [code]);
            }
        }
    }

    #[test]
    fn utf_8_with_line_ends_of_other_systems() {
        check_read(b"\xEF\xBB\xBFa\r\nb\rc\n", Ok("a\nb\nc\n"));
    }
    #[test]
    fn marks_apart_are_composed() {
        check_read("to\u{302}\u{309}".as_bytes(), Ok("tổ"));
        assert_eq!(read_text("to\u{302}".as_bytes(), "plan.txt").1.len(), 1);
    }
    #[test]
    fn other_encodings_are_refused() {
        check_read(b"T\xF4\xD2 h\xF5\xF2p t\xE1c", Err("plan-text.encoding"));
        check_read(b"\xFF\xFET\0", Err("plan-text.encoding"));
    }
    #[test]
    fn what_is_no_text_is_refused() {
        check_read(b"%PDF-1.7\n", Err("plan-text.not-text"));
        check_read(b"PK\x03\x04rest", Err("plan-text.not-text"));
        check_read(b"\xD0\xCF\x11\xE0rest", Err("plan-text.not-text"));
        check_read(b"abc\0", Err("plan-text.encoding"));
        check_read(b" \n\n", Err("plan-text.empty"));
        check_read(b"", Err("plan-text.empty"));
    }
    #[test]
    fn what_is_too_large_is_refused() {
        check_read(&vec![b'a'; SIZE_MAX + 1], Err("plan-text.too-large"));
    }
}
