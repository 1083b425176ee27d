//! The short way over the parts of a workbook that repeat: a row with its cells, a shared text. It knows them as the common
//! programs write them, byte by byte, and knows when it sees something else: a reference, a comment, a prefix, a text in
//! several runs. Then it takes nothing, and the general XML reader reads that element from the same place.

use std::io::{self, BufRead, Read};

use memchr::memchr;
use memchr::memmem::Finder;

use super::book::BookFault;
use super::xlsx::{CellTag, Line};

/// An element is scanned where it is no longer than this; longer ones are left to the general reader.
const LONGEST: usize = 1024 * 1024;
/// So much is unpacked at once.
const CHUNK: usize = 128 * 1024;
/// How often more elements may be strange than are plain, before a part is left to the general reader for good.
const TRUST: u32 = 100;

/// A stream that shows what lies ahead, to the scanner and to the general reader alike.
pub(super) struct Source<R> {
    inner: R,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    trust: u32,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            self.more()?;
        }
        Ok(self.ahead())
    }

    fn consume(&mut self, bytes: usize) {
        self.from = (self.from + bytes).min(self.to);
    }
}

impl<R: Read> Source<R> {
    /// `scanning` is whether there is a short way at all.
    pub(super) fn new(inner: R, scanning: Scanning) -> Self {
        let trust = match scanning {
            Scanning::WherePlain => TRUST,
            Scanning::Never => 0,
        };
        Self { inner, buffer: Vec::new(), from: 0, to: 0, trust }
    }

    fn ahead(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    /// Unpacks some more behind what lies ahead; how much it was.
    fn more(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.from..self.to, 0);
        self.to -= self.from;
        self.from = 0;
        if self.buffer.len() < self.to + CHUNK {
            self.buffer.resize(self.to + 2 * CHUNK, 0);
        }
        loop {
            match self.inner.read(self.buffer.get_mut(self.to..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    let read = read?;
                    self.to += read;
                    return Ok(read);
                }
            }
        }
    }

    /// Takes the element ahead, where `read` knows all of it and so says how many bytes it is; whether it was taken. Blanks
    /// before it are passed over.
    pub(super) fn take(
        &mut self,
        element: &Element,
        read: impl FnOnce(&str) -> Result<Option<usize>, BookFault>,
    ) -> Result<bool, BookFault> {
        if self.trust == 0 {
            return Ok(false);
        }
        let whole = self.whole(element).map_err(|_| BookFault::damaged())?;
        let text = whole.and_then(|bytes| self.ahead().get(..bytes));
        let text = text.and_then(|bytes| str::from_utf8(bytes).ok());
        let taken = text.map(read).transpose()?.flatten();
        match taken {
            Some(bytes) => {
                self.consume(bytes);
                self.trust = (self.trust + 1).min(TRUST);
            }
            None => self.trust -= 1,
        }
        Ok(taken.is_some())
    }

    /// How many bytes the element ahead has, as far as its tags tell.
    fn whole(&mut self, element: &Element) -> io::Result<Option<usize>> {
        loop {
            let blanks = self.ahead().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.consume(blanks);
            if self.ahead().len() > element.begin.len() || self.more()? == 0 {
                break;
            }
        }
        if !self.ahead().starts_with(element.begin.as_bytes()) {
            return Ok(None);
        }
        let mut seen = 0;
        let mut opened = false;
        loop {
            let ahead = self.ahead().get(seen..).unwrap_or_default();
            if !opened && let Some(at) = memchr(b'>', ahead) {
                opened = true;
                seen += at;
                if self.ahead().get(..seen).is_some_and(|tag| tag.ends_with(b"/")) {
                    return Ok(Some(seen + 1));
                }
                continue;
            }
            if opened && let Some(at) = element.end.find(ahead) {
                return Ok(Some(seen + at + element.end.needle().len()));
            }
            let length = self.ahead().len();
            // The end may lie half in what is here already.
            let kept = if opened { element.end.needle().len() - 1 } else { 0 };
            seen = seen.max(length.saturating_sub(kept));
            if length > LONGEST || self.more()? == 0 {
                return Ok(None);
            }
        }
    }
}

/// Whether parts are scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanning {
    /// Elements that are written plainly.
    WherePlain,
    /// None, so that both ways can be held against each other.
    Never,
}

/// An element that repeats.
pub(super) struct Element {
    begin: &'static str,
    end: Finder<'static>,
}

impl Element {
    pub(super) fn row() -> Self {
        Self { begin: "<row", end: Finder::new("</row>") }
    }

    pub(super) fn shared_text() -> Self {
        Self { begin: "<si>", end: Finder::new("</si>") }
    }
}

/// How an opening tag ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Opens,
    IsEmpty,
}

/// Reads a row into the line, as far as it is written plainly; how many bytes of the text it is, and how its tag ended. Where
/// it gives nothing the line is to be begun anew.
pub(super) fn row(
    text: &str,
    line: &mut Line,
    days: &[bool],
    from_1904: bool,
) -> Result<Option<(usize, Tag)>, BookFault> {
    let before = line.number;
    let mut scan = Scan(text);
    let mut number = None;
    let opened = scan.eat("<row").then(|| {
        scan.attributes(|name, value| {
            if name == "r" && number.is_none() {
                number = Some(value.parse().ok());
            }
        })
    });
    let Some(Some(tag)) = opened else { return Ok(None) };
    line.begin(number.flatten())?;
    if tag == Tag::Opens && scan.cells(line, days, from_1904).is_none() {
        line.forget(before);
        return Ok(None);
    }
    Ok(Some((text.len() - scan.0.len(), tag)))
}

/// The text of a shared string that is one run, with how many bytes it is.
pub(super) fn shared_text(element: &str) -> Option<(&str, usize)> {
    let mut scan = Scan(element);
    let text = scan.inside("<si>", "</si>", |scan| {
        scan.blanks();
        let text = scan.value("<t", "</t>")?;
        scan.blanks();
        Some(text)
    })?;
    Some((text, element.len() - scan.0.len()))
}

/// What is left to scan. Every step gives nothing where it does not find what is plain.
struct Scan<'x>(&'x str);

impl<'x> Scan<'x> {
    fn eat(&mut self, what: &str) -> bool {
        match self.0.strip_prefix(what) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) {
        if self.0.starts_with([' ', '\t', '\r', '\n']) {
            self.0 = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
        }
    }

    /// What stands before the next tag, without what has to be resolved.
    fn text(&mut self) -> Option<&'x str> {
        let (text, rest) = self.0.split_at_checked(memchr(b'<', self.0.as_bytes())?)?;
        self.0 = rest;
        let plain = !text.bytes().any(|byte| matches!(byte, b'&' | b'\r'));
        plain.then_some(text)
    }

    fn inside<T>(
        &mut self,
        begin: &str,
        end: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let read = self.eat(begin).then(|| read(self)).flatten()?;
        self.eat(end).then_some(read)
    }

    /// The text of an element that holds nothing else.
    fn value(&mut self, begin: &str, end: &str) -> Option<&'x str> {
        if !self.eat(begin) {
            return None;
        }
        match self.attributes(|_, _| ())? {
            Tag::IsEmpty => Some(""),
            Tag::Opens => {
                let text = self.text()?;
                self.eat(end).then_some(text)
            }
        }
    }

    /// The rest of an opening tag behind its name.
    fn attributes(&mut self, mut see: impl FnMut(&'x str, &'x str)) -> Option<Tag> {
        loop {
            if self.eat(">") {
                return Some(Tag::Opens);
            }
            if self.eat("/>") {
                return Some(Tag::IsEmpty);
            }
            if !self.eat(" ") {
                return None;
            }
            let end = self.0.bytes().position(|byte| {
                !(byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.'))
            })?;
            let (name, rest) = self.0.split_at_checked(end)?;
            let rest = rest.strip_prefix("=\"").filter(|_| !name.is_empty())?;
            let end = rest.bytes().position(|byte| {
                matches!(byte, b'"' | b'&' | b'<' | b'>') || byte.is_ascii_control()
            })?;
            let (value, rest) = rest.split_at_checked(end)?;
            self.0 = rest.strip_prefix('"')?;
            see(name, value);
        }
    }

    /// The cells of a row, up to and with its end.
    fn cells(&mut self, line: &mut Line, days: &[bool], from_1904: bool) -> Option<()> {
        loop {
            self.blanks();
            if !self.eat("<c") {
                return self.eat("</row>").then_some(());
            }
            let mut tag = CellTag::default();
            match self.attributes(|name, value| tag.see(name, value))? {
                Tag::IsEmpty => line.past(&tag),
                Tag::Opens => {
                    line.open(&tag, days);
                    self.cell(line)?;
                    line.close(from_1904);
                }
            }
        }
    }

    /// What stands in a cell, up to and with its end: a value, a formula, a text of its own.
    fn cell(&mut self, line: &mut Line) -> Option<()> {
        loop {
            self.blanks();
            if self.0.starts_with("<v") {
                line.text.push_str(self.value("<v", "</v>")?);
            } else if self.eat("</c>") {
                return Some(());
            } else if self.0.starts_with("<f") {
                self.value("<f", "</f>")?;
            } else {
                let text = self.inside("<is>", "</is>", |scan| scan.value("<t", "</t>"))?;
                line.text.push_str(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of a row is taken.
    #[track_caller]
    fn check(text: &str, want: Option<&str>) {
        let mut line = Line::default();
        let taken = row(text, &mut line, &[], false).unwrap();
        assert_eq!(taken.map(|(bytes, _)| &text[..bytes]), want);
    }

    #[test]
    fn rows_as_programs_write_them_are_taken_whole() {
        for text in [
            r#"<row r="2" spans="1:3" x14ac:dyDescent="0.25"><c r="A2" s="1" t="s"><v>7</v></c><c r="B2"/></row>"#,
            r#"<row><c t="str"><f t="shared" si="0">A1*2</f><v>chè</v></c></row>"#,
            r#"<row><c t="inlineStr"><is><t xml:space="preserve"> chè </t></is></c></row>"#,
            "<row>\n  <c>\n    <v>7</v>\n  </c>\n</row>",
            "<row></row>",
            r#"<row r="9" ht="15"/>"#,
        ] {
            check(text, Some(text));
        }
    }
    #[test]
    fn what_follows_a_row_is_left() {
        check("<row/><row><c/></row>", Some("<row/>"));
    }
    #[test]
    fn rows_of_another_kind_are_left_whole() {
        for text in [
            "<row><c><v>A &amp; B</v></c></row>",
            "<row><c><!-- --><v>7</v></c></row>",
            "<row><c><v><![CDATA[7]]></v></c></row>",
            "<row><x:c><x:v>7</x:v></x:c></row>",
            "<row r='2'><c><v>7</v></c></row>",
            "<row><c t=\"inlineStr\"><is><r><t>7</t></r></is></c></row>",
            "<row><c><v>7\r\n</v></c></row>",
            "<row><c><v>7</c></row>",
            "<row><c><v>7</v>",
            "<rows></rows>",
        ] {
            check(text, None);
        }
    }
    #[test]
    fn a_row_that_is_left_does_not_count() {
        let mut line = Line::default();
        line.number = 4;
        assert!(
            row("<row r=\"9\"><c><v>&amp;</v></c></row>", &mut line, &[], false).unwrap().is_none()
        );
        row("<row><c/></row>", &mut line, &[], false).unwrap();
        assert_eq!(line.number, 5);
    }
    #[test]
    fn shared_texts_of_one_run() {
        assert_eq!(shared_text("<si><t>chè</t></si><si>"), Some(("chè", 20)));
        assert_eq!(shared_text("<si><t/></si>"), Some(("", 13)));
        assert_eq!(shared_text("<si><r><t>chè</t></r></si>"), None);
        assert_eq!(shared_text("<si><t>A &amp; B</t></si>"), None);
    }
}
