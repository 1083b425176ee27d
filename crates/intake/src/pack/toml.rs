//! TOML with places: a file is read past its syntax errors, and every value is asked for by name and type, so that what is
//! missing, misspelt or of the wrong kind is told where it stands.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use hoptac_model::date;
use hoptac_model::text::{self, Words};
use jiff::civil::Date;
use toml_edit::{Document, Item, TableLike, Value};

use crate::file::{Log, TextFile, quote, sentence};
use crate::nearest::{list, nearest, suggest};
use crate::pack::names::{Names, Noun, Spot};
use crate::table;

/// How many syntax errors of one file are told at most.
const SYNTAX_ERRORS_MAX: usize = 20;

/// How much is read again and again to get past them, in bytes.
const READ_AGAIN_MAX: usize = 2 * 1024 * 1024;

/// A TOML file that was read as far as it could be.
pub(crate) struct TomlFile {
    /// Its text.
    pub(crate) file: Rc<TextFile>,
    document: Document<String>,
    /// Whether parts could not be read, so that nothing can be said about what is missing.
    pub(crate) broken: bool,
}

impl TomlFile {
    /// Reads a file. A line that is no TOML is told, left out, and the rest is read again.
    pub(crate) fn parse(file: TextFile, log: &Log) -> Self {
        let file = Rc::new(file);
        let mut text = file.text().to_owned();
        let rounds = (READ_AGAIN_MAX / text.len().max(1)).clamp(2, SYNTAX_ERRORS_MAX);
        let mut broken = false;
        for _ in 0..rounds {
            match Document::parse(text.clone()) {
                Ok(document) => return Self { file, document, broken },
                Err(error) => {
                    broken = true;
                    let span = error.span().unwrap_or(0..0);
                    let span = opening_of_text(&text, error.message()).unwrap_or(span);
                    let line = file.line_of(span.start.min(text.len()));
                    if let Some((first, last)) = unclosed_list(&file, &text, line, error.message())
                    {
                        tell_unclosed_list(&file, first, log);
                        leave_out(&file, &mut text, first..=last);
                    } else {
                        tell_syntax_error(&file, &span, error.message(), log);
                        let last = last_line_of(&file, &text, line);
                        leave_out(&file, &mut text, line..=last);
                    }
                }
            }
        }
        let nothing = Document::parse(String::new()).expect("no text at all is TOML");
        Self { file, document: nothing, broken: true }
    }

    /// The table that is the whole file.
    pub(crate) fn root<'a>(&'a self, what: &str, log: &'a Log, names: &'a Names) -> Table<'a> {
        Table {
            toml: self,
            log,
            names,
            what: what.to_owned(),
            entries: self.document.as_table(),
            span: 0..0,
            known: RefCell::default(),
            missing: RefCell::default(),
        }
    }
}

/// Where a text in three quotation marks begins that is never closed: the parser notices only at the end of the file.
fn opening_of_text(text: &str, message: &str) -> Option<Range<usize>> {
    let mark = match message {
        m if m.contains("multi-line basic string") => "\"\"\"",
        m if m.contains("multi-line literal string") => "'''",
        _ => return None,
    };
    text.rfind(mark).map(|at| at..at + 3)
}

/// The first and last line of a list that is never closed: the parser notices only where something else begins, which
/// it takes for a part of the list.
fn unclosed_list(
    file: &TextFile,
    text: &str,
    line: usize,
    message: &str,
) -> Option<(usize, usize)> {
    let of = |line: usize| text.get(file.line_span(line)).unwrap_or_default();
    if !message.contains("missing comma") || !is_start(of(line)) {
        return None;
    }
    let last = (1..line).rev().find(|line| !of(*line).trim().is_empty())?;
    let first = (1..=last).rev().find(|line| is_start(of(*line)))?;
    Some((first, last))
}

fn tell_unclosed_list(file: &TextFile, line: usize, log: &Log) {
    let span = file.line_span(line);
    let written = file.slice(&span);
    let opening =
        written.find(['[', '{']).map_or(span.clone(), |at| span.start + at..span.start + at + 1);
    let closing = if file.slice(&opening) == "{" { "}" } else { "]" };
    log.error(
        file,
        opening,
        "pack.syntax",
        "a list is opened here and never closed",
        format!("close it with `{closing}`"),
    );
}

/// Says in a sentence what is wrong with a line that is no TOML.
fn tell_syntax_error(file: &TextFile, span: &Range<usize>, message: &str, log: &Log) {
    let line = file.line_span(file.line_of(span.start));
    let written = file.slice(&line);
    let after = written.find('=').map(|at| at + 1);
    let value = after.and_then(|at| written.get(at..)).unwrap_or_default();
    let value = value.split(" #").next().unwrap_or_default().trim();
    let value_span = value_place(&line, written, value).unwrap_or(span.clone());
    let is_number_like = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');

    if message.contains("duplicate key") {
        let name = quote(file.slice(span));
        log.error(
            file,
            span.clone(),
            "pack.duplicate-key",
            format!("{name} is there twice in the same table"),
            "keep one of them; a list of tables is headed by `[[…]]`, each time",
        );
    } else if message.contains("date") || message.contains("day") || message.contains("month") {
        let written = file.slice(span).get(..10).unwrap_or(value);
        let said = date::parse(written).err().map(|error| error.to_string());
        let (problem, remedy) = sentence(said.as_deref().unwrap_or("this is not a date"));
        log.error(file, span.clone(), "pack.date", problem, remedy);
    } else if written.contains(['“', '”', '‘', '’', '„']) && !value.starts_with(['"', '\''])
    {
        log.error(
            file,
            value_span,
            "pack.syntax",
            "the quotation marks are those of a word processor",
            "write straight ones: \"…\"",
        );
    } else if is_number_like && value.matches(['/', '-']).count() == 2 {
        let error = date::parse(value).err().map(|error| error.to_string());
        let (problem, remedy) = sentence(error.as_deref().unwrap_or("this is not a date"));
        log.error(file, value_span, "pack.date", problem, remedy);
    } else if is_number_like && let Err(remedy) = table::number(value) {
        let problem = format!("{} is not a number", quote(value));
        log.error(file, value_span, "pack.number", problem, remedy);
    } else if message.contains("leading zero") {
        let digits = value.trim_start_matches('0');
        log.error(
            file,
            value_span,
            "pack.number",
            format!("the number {} begins with a zero", quote(value)),
            format!("write {}", if digits.is_empty() { "0" } else { digits }),
        );
    } else {
        let at_end = file.slice(&(span.end..file.text().len())).trim().is_empty();
        let (problem, remedy) = if at_end && message.contains("string") {
            (
                "the file breaks off within a text; it was not written to its end".to_owned(),
                "get the whole file again, or close the text with a quotation mark".to_owned(),
            )
        } else {
            syntax_sentence(message, value)
        };
        let span = if message.contains("must be quoted") { value_span } else { span.clone() };
        log.error(file, span, "pack.syntax", problem, remedy);
    }
}

/// The place of a line's value in the file.
fn value_place(line: &Range<usize>, written: &str, value: &str) -> Option<Range<usize>> {
    let at = written.rfind(value).filter(|_| !value.is_empty())?;
    Some(line.start + at..line.start + at + value.len())
}

/// What the parser's message means, and what to write.
fn syntax_sentence(message: &str, value: &str) -> (String, String) {
    let told = |problem: &str, remedy: &str| (problem.to_owned(), remedy.to_owned());
    if message.contains("must be quoted") && value.is_empty() {
        return told("there is no value behind `=`", "write one, or take the line out");
    }
    if message.contains("must be quoted") {
        return match value.to_lowercase().as_str() {
            "yes" | "có" | "đúng" => {
                told("yes and no are written `true` and `false`", "write true")
            }
            "no" | "không" | "sai" => {
                told("yes and no are written `true` and `false`", "write false")
            }
            _ => told("text stands in quotation marks", "put it between two `\"`"),
        };
    }
    if message.contains("multi-line") {
        return told(
            "a text is opened here and never closed",
            "close it with the same three quotation marks",
        );
    }
    if message.contains("string") {
        return told("the text is not closed on its line", "close it with a quotation mark");
    }
    if message.contains("unclosed table") {
        return told("the heading is not closed", "close it with as many `]` as it has `[`");
    }
    if message.contains("key with no value") || message.contains("expected `=`") {
        return told("there is a name without a value", "write `name = value`");
    }
    if message.contains("escape") {
        return told(
            "a `\\` begins a sign that does not exist",
            "write `\\\\` for a backslash, or put the text between '…'",
        );
    }
    if message.contains("missing comma") {
        return told(
            "a comma is missing, or the list is not closed",
            "put commas between the parts and close the list",
        );
    }
    if message.contains("unclosed array") || message.contains("unclosed inline table") {
        return told("a list is opened here and never closed", "close it with `]` or `}`");
    }
    (
        format!("this is not TOML: {message}"),
        "a line is `name = value`, `[heading]` or `# remark`".to_owned(),
    )
}

/// The last line that belongs to a line that is no TOML.
fn last_line_of(file: &TextFile, text: &str, line: usize) -> usize {
    let written = file.slice(&file.line_span(line)).trim_start().to_owned();
    let header = written.starts_with('[');
    let opens =
        |open: char, close: char| written.matches(open).count() > written.matches(close).count();
    let continues = opens('[', ']')
        || opens('{', '}')
        || written.matches("\"\"\"").count() % 2 == 1
        || written.matches("'''").count() % 2 == 1;
    let mut last = line;
    loop {
        let next = file.line_span(last + 1);
        if next.start >= text.len() {
            return last;
        }
        let next = file.slice(&next);
        // Without its heading, the lines of a table would be taken for those of the table before.
        let belongs = if header { !is_heading(next) } else { continues && !is_start(next) };
        if !belongs {
            return last;
        }
        last += 1;
    }
}

/// Blanks lines that are no TOML, so that the rest can be read with its places unchanged.
fn leave_out(file: &TextFile, text: &mut String, lines: RangeInclusive<usize>) {
    let from = file.line_span(*lines.start()).start;
    let end = file.line_span(*lines.end()).end;
    let blank = |written: &str| -> String {
        written.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect()
    };
    let written = text.get(from..end).unwrap_or_default();
    let blanked = blank(written);
    if written == blanked {
        // The error is not in these lines, so nothing can be told apart any more.
        *text = blank(text);
    } else {
        text.replace_range(from..end, &blanked);
    }
}

fn is_heading(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('[') && line.split(" #").next().unwrap_or_default().trim().ends_with(']')
}

/// Whether a line begins something of its own and does not go on with a list or a text.
fn is_start(line: &str) -> bool {
    let line = line.trim();
    let name = line.split('=').next().unwrap_or_default().trim();
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    line.is_empty() || line.starts_with('#') || is_heading(line) || (is_name && line.contains('='))
}

/// A table that is asked for its values. What is missing and what nobody asked for is told by [`Table::finish`].
pub(crate) struct Table<'a> {
    toml: &'a TomlFile,
    log: &'a Log,
    names: &'a Names,
    what: String,
    entries: &'a dyn TableLike,
    span: Range<usize>,
    known: RefCell<Vec<String>>,
    missing: RefCell<Vec<String>>,
}

impl<'a> Table<'a> {
    /// A value that must be there.
    pub(crate) fn must(&self, key: &str) -> Field<'a, '_> {
        let field = self.may(key);
        if field.item.is_none() {
            self.missing.borrow_mut().push(key.to_owned());
        }
        field
    }

    /// A value that may be left out.
    pub(crate) fn may(&self, key: &str) -> Field<'a, '_> {
        self.known.borrow_mut().push(key.to_owned());
        Field { table: self, key: key.to_owned(), item: self.entries.get(key) }
    }

    /// Words in both languages, as `title_vi` and `title_en`, that must be there.
    pub(crate) fn words(&self, stem: &str) -> Option<Words> {
        let vi = self.must(&format!("{stem}_vi")).text();
        let en = self.must(&format!("{stem}_en")).text();
        Some(Words { vi: vi?, en: en? })
    }

    /// Words in both languages that may be left out, but only together.
    pub(crate) fn words_or_empty(&self, stem: &str) -> Words {
        let keys = [format!("{stem}_vi"), format!("{stem}_en")];
        if keys.iter().any(|key| self.entries.contains_key(key)) {
            return self.words(stem).unwrap_or_default();
        }
        self.known.borrow_mut().extend(keys);
        Words::default()
    }

    /// The tables of a list `[[key]]`, each named by `what` and its id.
    pub(crate) fn tables(&self, key: &str, what: &str) -> Vec<Table<'a>> {
        self.known.borrow_mut().push(key.to_owned());
        match self.entries.get(key) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter().map(|table| self.part(table, table.span(), key, what)).collect()
            }
            Some(Item::Value(Value::Array(array))) => array
                .iter()
                .filter_map(|value| {
                    let table = value.as_inline_table();
                    if table.is_none() {
                        let span = value.span().unwrap_or(self.span_of(key));
                        self.wrong_type(span, key, kind_of(value), "a list of tables");
                    }
                    table.map(|table| self.part(table, table.span(), key, what))
                })
                .collect(),
            Some(other) => {
                let problem = format!("`{key}` is {}, not a list of tables", kind_of_item(other));
                let remedy = format!("head each {what} with `[[{key}]]`");
                self.log.error(self.file(), self.span_of(key), "pack.type", problem, remedy);
                Vec::new()
            }
        }
    }

    fn part(
        &self,
        table: &'a dyn TableLike,
        span: Option<Range<usize>>,
        key: &str,
        what: &str,
    ) -> Table<'a> {
        let id = table.get("id").and_then(Item::as_str);
        Table {
            toml: self.toml,
            log: self.log,
            names: self.names,
            what: id
                .map_or_else(|| format!("the {what}"), |id| format!("the {what} {}", quote(id))),
            entries: table,
            span: span.unwrap_or_else(|| self.span_of(key)),
            known: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// Where a value stands; where there is none, the head of the table.
    pub(crate) fn span_of(&self, key: &str) -> Range<usize> {
        let entry = self.entries.get_key_value(key);
        entry
            .and_then(|(name, item)| item.span().or_else(|| name.span()))
            .unwrap_or_else(|| self.span.clone())
    }

    /// The place of a value, to be named in another finding.
    pub(crate) fn spot(&self, key: &str) -> Spot {
        Spot { file: self.toml.file.clone(), span: self.span_of(key) }
    }

    /// What the table is and its id, for sentences.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether parts of the file could not be read.
    pub(crate) fn broken(&self) -> bool {
        self.toml.broken
    }

    /// The file that the table stands in.
    pub(crate) fn file(&self) -> &'a TextFile {
        &self.toml.file
    }

    /// The log of all files.
    pub(crate) fn log(&self) -> &'a Log {
        self.log
    }

    /// Says that a value is wrong.
    pub(crate) fn error(
        &self,
        key: &str,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.log.error(self.file(), self.span_of(key), code, message, remedy);
    }

    /// Says that a value is doubtful.
    pub(crate) fn warning(
        &self,
        key: &str,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.log.warning(self.file(), self.span_of(key), code, message, remedy);
    }

    /// Tells unknown keys, and those that are missing. A missing key that is only misspelt is told once.
    pub(crate) fn finish(&self) {
        let known = self.known.borrow();
        let mut missing = self.missing.borrow().clone();
        for (key, _) in self.entries.iter() {
            if known.iter().any(|name| name == key) {
                continue;
            }
            if let Some(meant) = nearest(key, missing.iter().map(String::as_str)) {
                let meant = meant.to_owned();
                missing.retain(|name| *name != meant);
            }
            let span = self.entries.get_key_value(key).and_then(|(name, _)| name.span());
            self.log.error(
                self.file(),
                span.unwrap_or_else(|| self.span_of(key)),
                "pack.unknown-key",
                format!("{} has no key {}", self.what, quote(key)),
                match nearest(key, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are {}", list(known.iter().map(String::as_str))),
                },
            );
        }
        if self.toml.broken || missing.is_empty() {
            return;
        }
        self.log.error(
            self.file(),
            self.span.clone(),
            "pack.missing-key",
            format!("{} lacks {}", self.what, list(missing.iter().map(String::as_str))),
            "add what is missing; the pack format says what it means",
        );
    }

    fn wrong_type(&self, span: Range<usize>, key: &str, is: &str, wanted: &str) {
        let problem = format!("`{key}` of {} is {is}, not {wanted}", self.what);
        let remedy = match (is, wanted) {
            ("a text", "a whole number" | "a number") => "write it without quotation marks",
            (_, "a text") => "put it in quotation marks",
            (_, "a date") => "write year-month-day without quotation marks, for example 2025-12-31",
            (_, "true or false") => "write true or false, without quotation marks",
            (_, "a list") => "put it in square brackets: [\"…\"]",
            (_, "a table") => "put it in braces: { … = … }",
            _ => "",
        };
        self.log.error(self.file(), span, "pack.type", problem, remedy);
    }
}

/// A value of a table, or its absence.
pub(crate) struct Field<'a, 't> {
    table: &'t Table<'a>,
    key: String,
    item: Option<&'a Item>,
}

impl<'a> Field<'a, '_> {
    fn span(&self) -> Range<usize> {
        self.table.span_of(&self.key)
    }

    fn wrong_type(&self, item: &Item, wanted: &str) {
        self.table.wrong_type(self.span(), &self.key, kind_of_item(item), wanted);
    }

    fn error(&self, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        self.table.log.error(self.table.file(), self.span(), code, message, remedy);
    }

    /// A text that is not empty, composed.
    pub(crate) fn text(&self) -> Option<String> {
        let item = self.item?;
        let Some(written) = item.as_str() else {
            self.wrong_type(item, "a text");
            return None;
        };
        if written.trim().is_empty() {
            let remedy = "write it, or leave the key out where it may be left out";
            self.error(
                "pack.empty",
                format!("`{}` of {} is empty", self.key, self.table.what),
                remedy,
            );
            return None;
        }
        Some(text::nfc(written.trim()))
    }

    /// A text that may be empty.
    pub(crate) fn text_or_empty(&self) -> String {
        if self.item.and_then(Item::as_str).is_some_and(|written| written.trim().is_empty()) {
            return String::new();
        }
        self.text().unwrap_or_default()
    }

    /// The text exactly as it was written.
    pub(crate) fn written(&self) -> Option<&'a str> {
        self.item.and_then(Item::as_str)
    }

    /// A date.
    pub(crate) fn date(&self) -> Option<Date> {
        let item = self.item?;
        if let Some(written) = item.as_str() {
            let read = date::parse(written);
            let (problem, remedy) = match &read {
                Ok(date) => (
                    format!(
                        "the date `{}` of {} stands in quotation marks",
                        self.key, self.table.what
                    ),
                    format!("write it without them: {date}"),
                ),
                Err(error) => sentence(&error.to_string()),
            };
            self.error("pack.date", problem, remedy);
            return read.ok();
        }
        let Some(written) = item.as_datetime() else {
            self.wrong_type(item, "a date");
            return None;
        };
        let date = written.date.and_then(|date| {
            let year = i16::try_from(date.year).ok()?;
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(year, month, day).ok()
        });
        if written.time.is_some() || written.offset.is_some() || date.is_none() {
            let shown = date.map_or_else(|| "2025-12-31".to_owned(), |date| date.to_string());
            self.error(
                "pack.date",
                format!("`{}` of {} is not a day of the calendar alone", self.key, self.table.what),
                format!("write year-month-day without a time: {shown}"),
            );
        }
        date.filter(|date| self.in_range(i64::from(date.year())))
    }

    /// A year of the calendar.
    pub(crate) fn year(&self) -> Option<i16> {
        let year: i64 = self.whole()?;
        self.in_range(year).then(|| i16::try_from(year).ok()).flatten()
    }

    /// Years outside are slips of the pen, and no later reckoning has to be afraid of them.
    fn in_range(&self, year: i64) -> bool {
        let inside = (1945..=2200).contains(&year);
        if !inside {
            let problem = format!("the year {year} of {} cannot be meant", self.table.what);
            self.error("pack.year", problem, "write a year from 1945 to 2200");
        }
        inside
    }

    /// A whole number.
    fn whole(&self) -> Option<i64> {
        let item = self.item?;
        if let Some(number) = item.as_integer() {
            return Some(number);
        }
        self.wrong_number(item, "a whole number");
        None
    }

    /// A whole number between two ends.
    pub(crate) fn count<N: TryFrom<i64> + Into<i64>>(&self, least: N, most: N) -> Option<N> {
        let number = self.whole()?;
        let (least, most) = (least.into(), most.into());
        if (least..=most).contains(&number) {
            return N::try_from(number).ok();
        }
        let problem = format!("`{}` of {} is {number}", self.key, self.table.what);
        self.error("pack.value", problem, format!("write a whole number from {least} to {most}"));
        None
    }

    /// A number.
    pub(crate) fn number(&self) -> Option<f64> {
        let item = self.item?;
        #[expect(clippy::cast_precision_loss, reason = "plans stay far below 2^53")]
        let number = item.as_float().or_else(|| item.as_integer().map(|whole| whole as f64));
        match number {
            Some(number) if number.is_finite() && number.abs() < 1e15 => {
                let written = self.table.file().slice(&self.span());
                if let Some(thousands) = table::grouped(written) {
                    self.table.warning(
                        &self.key,
                        "pack.number-grouped",
                        format!("{} is read as {number}, with a decimal point", quote(written)),
                        format!("write {thousands} if thousands are meant, {number} if not"),
                    );
                }
                Some(number)
            }
            Some(_) => {
                let problem =
                    format!("`{}` of {} is no number of this world", self.key, self.table.what);
                self.error("pack.value", problem, "write digits with a point before decimals");
                None
            }
            None => {
                self.wrong_number(item, "a number");
                None
            }
        }
    }

    /// A number that is not negative.
    pub(crate) fn positive(&self) -> Option<f64> {
        let number = self.number()?;
        if number > 0.0 {
            return Some(number);
        }
        let problem = format!("`{}` of {} is {number}", self.key, self.table.what);
        self.error("pack.value", problem, "write a number above zero");
        None
    }

    fn wrong_number(&self, item: &Item, wanted: &str) {
        let form = item.as_str().and_then(|written| table::number(written).err());
        match (item.as_str(), form) {
            (Some(written), Some(remedy)) => {
                let problem = format!(
                    "`{}` of {} is the text {}, not {wanted}",
                    self.key,
                    self.table.what,
                    quote(written)
                );
                let remedy = if remedy.starts_with("write it") {
                    format!("{remedy}, without quotation marks")
                } else {
                    "write it in digits, without quotation marks".to_owned()
                };
                self.error("pack.type", problem, remedy);
            }
            _ => self.wrong_type(item, wanted),
        }
    }

    /// Yes or no.
    pub(crate) fn flag(&self) -> Option<bool> {
        let item = self.item?;
        if item.as_bool().is_none() {
            self.wrong_type(item, "true or false");
        }
        item.as_bool()
    }

    /// One of a few words; gives its index in the list.
    pub(crate) fn word(&self, words: &[&'static str]) -> Option<usize> {
        let written = self.text()?;
        let index = words.iter().position(|word| *word == written);
        if index.is_none() {
            let problem =
                format!("{} is not a {} of {}", quote(&written), self.key, self.table.what);
            let remedy = match nearest(&written, words.iter().copied()) {
                Some(near) => {
                    format!("did you mean `{near}`? known are {}", list(words.iter().copied()))
                }
                None => format!("known are {}", list(words.iter().copied())),
            };
            self.error("pack.word", problem, remedy);
        }
        index
    }

    /// A list of texts, each with its place.
    pub(crate) fn texts(&self) -> Vec<(String, Range<usize>)> {
        let Some(item) = self.item else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong_type(item, "a list");
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(array.len());
        for value in array {
            let span = value.span().unwrap_or_else(|| self.span());
            match value.as_str() {
                Some(written) if !written.trim().is_empty() => {
                    texts.push((text::nfc(written.trim()), span));
                }
                Some(_) => {
                    let problem =
                        format!("`{}` of {} holds an empty text", self.key, self.table.what);
                    self.table.log.error(
                        self.table.file(),
                        span,
                        "pack.empty",
                        problem,
                        "take it out",
                    );
                }
                None => self.table.wrong_type(span, &self.key, kind_of(value), "a text"),
            }
        }
        texts
    }

    /// Two whole numbers.
    pub(crate) fn two_years(&self) -> Option<(i16, i16)> {
        let item = self.item?;
        let years: Option<Vec<i64>> =
            item.as_array().map(|array| array.iter().filter_map(Value::as_integer).collect());
        match years.as_deref() {
            Some([first, last]) if item.as_array().is_some_and(|array| array.len() == 2) => {
                if !(self.in_range(*first) && self.in_range(*last)) {
                    return None;
                }
                if last < first {
                    let problem = format!(
                        "`{}` of {} ends in {last}, before it begins in {first}",
                        self.key, self.table.what
                    );
                    self.error("pack.span", problem, "write the first year first");
                    return None;
                }
                Some((i16::try_from(*first).ok()?, i16::try_from(*last).ok()?))
            }
            _ => {
                let problem = format!("`{}` of {} is not two years", self.key, self.table.what);
                self.error("pack.type", problem, "write the first and the last year: [2019, 2026]");
                None
            }
        }
    }

    /// A table within the table.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        let item = self.item?;
        let Some(table) = item.as_table_like() else {
            self.wrong_type(item, "a table");
            return None;
        };
        let mut part = self.table.part(table, item.span(), &self.key, &self.key);
        part.what = if self.table.span == (0..0) {
            format!("`[{}]`", self.key)
        } else {
            format!("`{}` of {}", self.key, self.table.what)
        };
        Some(part)
    }

    /// The id of the pack itself.
    pub(crate) fn pack_id(&self) -> Option<String> {
        let id = self.text()?;
        let fits = id.len() <= 80
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !fits {
            let remedy =
                "write lower-case letters without marks, digits and `-`, as `lang-son-2023`";
            self.error(
                "pack.id-form",
                format!("{} cannot be the id of a pack", quote(&id)),
                remedy,
            );
        }
        Some(id)
    }

    /// An id that nothing else of this noun has.
    pub(crate) fn id(&self, noun: Noun) -> Option<String> {
        let id = self.text()?;
        let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let (fits, wanted) = if noun.is_column_like() {
            (
                id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(lower),
                "write lower-case letters without marks, digits and underscores, beginning with a letter",
            )
        } else {
            (id.chars().all(plain), "write letters without marks, digits, `-`, `_` and `.`")
        };
        if !fits || id.len() > 80 {
            self.error("pack.id-form", format!("{} cannot be an id", quote(&id)), wanted);
        }
        let spot = Spot { file: self.table.toml.file.clone(), span: self.span() };
        self.table.names.define(noun, &id, spot, self.table.log).then_some(id)
    }

    /// The id of something else in the pack.
    pub(crate) fn refer(&self, noun: Noun) -> Option<String> {
        let id = self.text()?;
        let spot = Spot { file: self.table.toml.file.clone(), span: self.span() };
        self.table.names.refer(noun, &id, spot, &self.table.what);
        Some(id)
    }

    /// The ids of other things in the pack.
    pub(crate) fn refer_all(&self, noun: Noun) -> Vec<String> {
        let texts = self.texts();
        for (id, span) in &texts {
            let spot = Spot { file: self.table.toml.file.clone(), span: span.clone() };
            self.table.names.refer(noun, id, spot, &self.table.what);
        }
        texts.into_iter().map(|(id, _)| id).collect()
    }
}

/// What a value is, for sentences.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

fn kind_of_item(item: &Item) -> &'static str {
    match item {
        Item::Value(value) => kind_of(value),
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
        Item::None => "nothing",
    }
}

/// Unknown words of a list, told with what is known.
pub(crate) fn unknown_word(
    table: &Table<'_>,
    span: Range<usize>,
    key: &str,
    written: &str,
    known: &[&'static str],
) {
    table.log.error(
        table.file(),
        span,
        "pack.word",
        format!("{} is not one of the {key} of {}", quote(written), table.what),
        suggest(written, known.iter().copied()),
    );
}
