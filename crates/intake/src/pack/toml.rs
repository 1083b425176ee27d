//! TOML with places: a file is read past its syntax errors, and every value is asked for by name and type, so that what is
//! missing, misspelt or of the wrong kind is told where it stands.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use hoptac_model::date;
use hoptac_model::text::{self, Words, did_you_mean};
use hoptac_model::words;
use jiff::civil::Date;
use toml_edit::{Document, Item, TableLike, Value};

use crate::file::{Log, TextFile, quote, sentence};
use crate::nearest::{known_are, list, nearest, suggest};
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
    pub(crate) fn root<'a>(&'a self, what: Words, log: &'a Log, names: &'a Names) -> Table<'a> {
        Table {
            toml: self,
            log,
            names,
            what,
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
        list_never_closed(),
        words!("đóng bằng `{closing}`", "close it with `{closing}`", closing),
    );
}

fn list_never_closed() -> Words {
    words!("danh sách mở ở đây mà không đóng", "a list is opened here and never closed")
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
            words!(
                "{name} có hai lần trong cùng một bảng",
                "{name} is there twice in the same table",
                name
            ),
            words!(
                "giữ lại một mục; danh sách các bảng thì mỗi bảng mở đầu bằng `[[…]]`",
                "keep one of them; a list of tables is headed by `[[…]]`, each time"
            ),
        );
    } else if message.contains("date") || message.contains("day") || message.contains("month") {
        let written = file.slice(span).get(..10).unwrap_or(value);
        let (problem, remedy) = no_date(written);
        log.error(file, span.clone(), "pack.date", problem, remedy);
    } else if written.contains(['“', '”', '‘', '’', '„']) && !value.starts_with(['"', '\''])
    {
        log.error(
            file,
            value_span,
            "pack.syntax",
            words!(
                "dấu ngoặc kép là kiểu của phần mềm soạn thảo văn bản",
                "the quotation marks are those of a word processor"
            ),
            words!("hãy dùng ngoặc kép thẳng: \"…\"", "write straight ones: \"…\""),
        );
    } else if is_number_like && value.matches(['/', '-']).count() == 2 {
        let (problem, remedy) = no_date(value);
        log.error(file, value_span, "pack.date", problem, remedy);
    } else if is_number_like && let Err(error) = table::number(value) {
        log.error(file, value_span, "pack.number", table::no_number(value), error.remedy());
    } else if message.contains("leading zero") {
        let digits = value.trim_start_matches('0');
        log.error(
            file,
            value_span,
            "pack.number",
            words!(
                "số {written} bắt đầu bằng chữ số không",
                "the number {written} begins with a zero",
                written = quote(value)
            ),
            words!(
                "hãy ghi {digits}",
                "write {digits}",
                digits = if digits.is_empty() { "0" } else { digits }
            ),
        );
    } else {
        let at_end = file.slice(&(span.end..file.text().len())).trim().is_empty();
        let (problem, remedy) = if at_end && message.contains("string") {
            (
                words!(
                    "tệp dừng giữa một đoạn chữ; tệp chưa được ghi đến hết",
                    "the file breaks off within a text; it was not written to its end"
                ),
                words!(
                    "lấy lại tệp đầy đủ, hoặc đóng đoạn chữ bằng dấu ngoặc kép",
                    "get the whole file again, or close the text with a quotation mark"
                ),
            )
        } else {
            syntax_sentence(message, value)
        };
        let span = if message.contains("must be quoted") { value_span } else { span.clone() };
        log.error(file, span, "pack.syntax", problem, remedy);
    }
}

/// Why a text is no date, and what to write.
fn no_date(written: &str) -> (Words, Words) {
    match date::parse(written) {
        Err(error) => sentence(&error.words()),
        Ok(_) => (words!("đây không phải là ngày", "this is not a date"), Words::default()),
    }
}

/// The place of a line's value in the file.
fn value_place(line: &Range<usize>, written: &str, value: &str) -> Option<Range<usize>> {
    let at = written.rfind(value).filter(|_| !value.is_empty())?;
    Some(line.start + at..line.start + at + value.len())
}

/// What the parser's message means, and what to write.
fn syntax_sentence(message: &str, value: &str) -> (Words, Words) {
    if message.contains("must be quoted") && value.is_empty() {
        return (
            words!("sau `=` không có giá trị", "there is no value behind `=`"),
            words!("hãy ghi giá trị, hoặc bỏ dòng này", "write one, or take the line out"),
        );
    }
    if message.contains("must be quoted") {
        let yes_or_no = || {
            words!(
                "có và không được ghi là `true` và `false`",
                "yes and no are written `true` and `false`"
            )
        };
        return match value.to_lowercase().as_str() {
            "yes" | "có" | "đúng" => (yes_or_no(), words!("hãy ghi true", "write true")),
            "no" | "không" | "sai" => (yes_or_no(), words!("hãy ghi false", "write false")),
            _ => (
                words!("chữ phải đặt trong ngoặc kép", "text stands in quotation marks"),
                words!("đặt giữa hai dấu `\"`", "put it between two `\"`"),
            ),
        };
    }
    if message.contains("multi-line") {
        return (
            words!("đoạn chữ mở ở đây mà không đóng", "a text is opened here and never closed"),
            words!(
                "đóng bằng ba dấu ngoặc giống lúc mở",
                "close it with the same three quotation marks"
            ),
        );
    }
    if message.contains("string") {
        return (
            words!("đoạn chữ không đóng trên dòng của nó", "the text is not closed on its line"),
            words!("đóng bằng dấu ngoặc kép", "close it with a quotation mark"),
        );
    }
    if message.contains("unclosed table") {
        return (
            words!("tiêu đề bảng không đóng", "the heading is not closed"),
            words!(
                "đóng bằng số dấu `]` bằng số dấu `[`",
                "close it with as many `]` as it has `[`"
            ),
        );
    }
    if message.contains("key with no value") || message.contains("expected `=`") {
        return (
            words!("có tên mà không có giá trị", "there is a name without a value"),
            words!("hãy ghi `tên = giá trị`", "write `name = value`"),
        );
    }
    if message.contains("escape") {
        return (
            words!("sau `\\` là một ký hiệu không có", "a `\\` begins a sign that does not exist"),
            words!(
                "hãy ghi `\\\\` cho một dấu gạch chéo ngược, hoặc đặt đoạn chữ giữa '…'",
                "write `\\\\` for a backslash, or put the text between '…'"
            ),
        );
    }
    if message.contains("missing comma") {
        return (
            words!(
                "thiếu dấu phẩy, hoặc danh sách không đóng",
                "a comma is missing, or the list is not closed"
            ),
            words!(
                "đặt dấu phẩy giữa các phần và đóng danh sách",
                "put commas between the parts and close the list"
            ),
        );
    }
    if message.contains("unclosed array") || message.contains("unclosed inline table") {
        return (
            list_never_closed(),
            words!("đóng bằng `]` hoặc `}}`", "close it with `]` or `}}`"),
        );
    }
    (
        words!(
            "dòng này không đúng cú pháp TOML: {message}",
            "this is not TOML: {message}",
            message
        ),
        words!(
            "mỗi dòng là `tên = giá trị`, `[tiêu đề]` hoặc `# ghi chú`",
            "a line is `name = value`, `[heading]` or `# remark`"
        ),
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
    what: Words,
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
    pub(crate) fn tables(&self, key: &str, what: &Words) -> Vec<Table<'a>> {
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
                        self.wrong_type(span, key, kind_of(value), Type::Tables);
                    }
                    table.map(|table| self.part(table, table.span(), key, what))
                })
                .collect(),
            Some(other) => {
                let problem = words!(
                    "`{key}` là {is}, không phải danh sách các bảng",
                    "`{key}` is {is}, not a list of tables",
                    key,
                    is = kind_of_item(other).words()
                );
                let remedy = words!(
                    "mở đầu mỗi {what} bằng `[[{key}]]`",
                    "head each {what} with `[[{key}]]`",
                    what,
                    key
                );
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
        what: &Words,
    ) -> Table<'a> {
        let id = table.get("id").and_then(Item::as_str);
        Table {
            toml: self.toml,
            log: self.log,
            names: self.names,
            what: id.map_or_else(
                || words!("{what}", "the {what}", what),
                |id| words!("{what} {id}", "the {what} {id}", what, id = quote(id)),
            ),
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
    pub(crate) fn what(&self) -> &Words {
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
    pub(crate) fn error(&self, key: &str, code: &'static str, message: Words, remedy: Words) {
        self.log.error(self.file(), self.span_of(key), code, message, remedy);
    }

    /// Says that a value is doubtful.
    pub(crate) fn warning(&self, key: &str, code: &'static str, message: Words, remedy: Words) {
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
                words!(
                    "{what} không có mục {key}",
                    "{what} has no key {key}",
                    what = self.what,
                    key = quote(key)
                ),
                nearest(key, known.iter().map(String::as_str))
                    .map_or_else(|| known_are(known.iter().map(String::as_str)), did_you_mean),
            );
        }
        if self.toml.broken || missing.is_empty() {
            return;
        }
        self.log.error(
            self.file(),
            self.span.clone(),
            "pack.missing-key",
            words!(
                "{what} thiếu {missing}",
                "{what} lacks {missing}",
                what = self.what,
                missing = list(missing.iter().map(String::as_str))
            ),
            words!(
                "bổ sung phần còn thiếu; ý nghĩa của từng mục có trong tài liệu về gói kế hoạch",
                "add what is missing; the pack format says what it means"
            ),
        );
    }

    fn wrong_type(&self, span: Range<usize>, key: &str, is: Type, wanted: Type) {
        let problem = words!(
            "`{key}` của {what} là {is}, không phải {wanted}",
            "`{key}` of {what} is {is}, not {wanted}",
            key,
            what = self.what,
            is = is.words(),
            wanted = wanted.words()
        );
        let remedy = match (is, wanted) {
            (Type::Text, Type::Whole | Type::Number) => {
                words!("bỏ dấu ngoặc kép", "write it without quotation marks")
            }
            (_, Type::Text) => words!("đặt trong ngoặc kép", "put it in quotation marks"),
            (_, Type::Date) => words!(
                "hãy ghi năm-tháng-ngày, không có ngoặc kép, ví dụ 2025-12-31",
                "write year-month-day without quotation marks, for example 2025-12-31"
            ),
            (_, Type::Flag) => words!(
                "hãy ghi true hoặc false, không có ngoặc kép",
                "write true or false, without quotation marks"
            ),
            (_, Type::List) => {
                words!("đặt trong ngoặc vuông: [\"…\"]", "put it in square brackets: [\"…\"]")
            }
            (_, Type::Table) => {
                words!("đặt trong ngoặc nhọn: {{ … = … }}", "put it in braces: {{ … = … }}")
            }
            (_, Type::Whole | Type::Number | Type::Tables | Type::Nothing) => Words::default(),
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

    fn wrong_type(&self, item: &Item, wanted: Type) {
        self.table.wrong_type(self.span(), &self.key, kind_of_item(item), wanted);
    }

    fn error(&self, code: &'static str, message: Words, remedy: Words) {
        self.table.log.error(self.table.file(), self.span(), code, message, remedy);
    }

    /// The value's name for sentences: "`year` of the target `T30-01`".
    fn words(&self) -> Words {
        words!("`{key}` của {what}", "`{key}` of {what}", key = self.key, what = self.table.what)
    }

    /// A text that is not empty, composed.
    pub(crate) fn text(&self) -> Option<String> {
        let item = self.item?;
        let Some(written) = item.as_str() else {
            self.wrong_type(item, Type::Text);
            return None;
        };
        if written.trim().is_empty() {
            let remedy = words!(
                "điền nội dung, hoặc bỏ mục này nếu không bắt buộc",
                "write it, or leave the key out where it may be left out"
            );
            let problem = words!("{this} để trống", "{this} is empty", this = self.words());
            self.error("pack.empty", problem, remedy);
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
                    words!(
                        "ngày {this} nằm trong ngoặc kép",
                        "the date {this} stands in quotation marks",
                        this = self.words()
                    ),
                    words!(
                        "hãy ghi không có ngoặc kép: {date}",
                        "write it without them: {date}",
                        date = date.to_string()
                    ),
                ),
                Err(error) => sentence(&error.words()),
            };
            self.error("pack.date", problem, remedy);
            return read.ok();
        }
        let Some(written) = item.as_datetime() else {
            self.wrong_type(item, Type::Date);
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
                words!(
                    "{this} không phải chỉ là một ngày theo lịch",
                    "{this} is not a day of the calendar alone",
                    this = self.words()
                ),
                words!(
                    "hãy ghi năm-tháng-ngày, không kèm giờ: {shown}",
                    "write year-month-day without a time: {shown}",
                    shown
                ),
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
            let problem = words!(
                "năm {year} của {what} chắc là ghi nhầm",
                "the year {year} of {what} cannot be meant",
                year = year.to_string(),
                what = self.table.what
            );
            let remedy = words!("hãy ghi năm từ 1945 đến 2200", "write a year from 1945 to 2200");
            self.error("pack.year", problem, remedy);
        }
        inside
    }

    /// A whole number.
    fn whole(&self) -> Option<i64> {
        let item = self.item?;
        if let Some(number) = item.as_integer() {
            return Some(number);
        }
        self.wrong_number(item, Type::Whole);
        None
    }

    /// A whole number between two ends.
    pub(crate) fn count<N: TryFrom<i64> + Into<i64>>(&self, least: N, most: N) -> Option<N> {
        let number = self.whole()?;
        let (least, most) = (least.into(), most.into());
        if (least..=most).contains(&number) {
            return N::try_from(number).ok();
        }
        // As they are written in the file, without groups of digits.
        let remedy = words!(
            "hãy ghi số nguyên từ {least} đến {most}",
            "write a whole number from {least} to {most}",
            least = least.to_string(),
            most = most.to_string()
        );
        self.error("pack.value", self.is(&number), remedy);
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
                    let (message, remedy) = table::doubtful_point(written, number, &thousands);
                    self.table.warning(&self.key, "pack.number-grouped", message, remedy);
                }
                Some(number)
            }
            Some(_) => {
                let problem = words!(
                    "{this} không phải là một số có thể dùng được",
                    "{this} is no number of this world",
                    this = self.words()
                );
                let remedy = words!(
                    "hãy ghi bằng chữ số, với dấu chấm trước phần thập phân",
                    "write digits with a point before decimals"
                );
                self.error("pack.value", problem, remedy);
                None
            }
            None => {
                self.wrong_number(item, Type::Number);
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
        let remedy = words!("hãy ghi số lớn hơn không", "write a number above zero");
        self.error("pack.value", self.is(&number), remedy);
        None
    }

    /// That the value is a number which it cannot be.
    fn is(&self, number: &impl ToString) -> Words {
        words!(
            "{this} là {number}",
            "{this} is {number}",
            this = self.words(),
            number = number.to_string()
        )
    }

    fn wrong_number(&self, item: &Item, wanted: Type) {
        let error = item.as_str().and_then(|written| table::number(written).err());
        match (item.as_str(), error) {
            (Some(written), Some(error)) => {
                let problem = words!(
                    "{this} là chữ {written}, không phải {wanted}",
                    "{this} is the text {written}, not {wanted}",
                    this = self.words(),
                    written = quote(written),
                    wanted = wanted.words()
                );
                let remedy = if error.form.is_some() {
                    words!(
                        "{remedy}, không có ngoặc kép",
                        "{remedy}, without quotation marks",
                        remedy = error.remedy()
                    )
                } else {
                    words!(
                        "hãy ghi bằng chữ số, không có ngoặc kép",
                        "write it in digits, without quotation marks"
                    )
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
            self.wrong_type(item, Type::Flag);
        }
        item.as_bool()
    }

    /// One of a few words; gives its index in the list.
    pub(crate) fn word(&self, words: &[&'static str]) -> Option<usize> {
        let written = self.text()?;
        let index = words.iter().position(|word| *word == written);
        if index.is_none() {
            let problem = words!(
                "{written} không phải là giá trị `{key}` của {what}",
                "{written} is not a {key} of {what}",
                written = quote(&written),
                key = self.key,
                what = self.table.what
            );
            let known = known_are(words.iter().copied());
            let remedy = match nearest(&written, words.iter().copied()) {
                Some(near) => {
                    words!("{meant} {known}", "{meant} {known}", meant = did_you_mean(near), known)
                }
                None => known,
            };
            self.error("pack.word", problem, remedy);
        }
        index
    }

    /// A list of texts, each with its place.
    pub(crate) fn texts(&self) -> Vec<(String, Range<usize>)> {
        let Some(item) = self.item else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong_type(item, Type::List);
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
                    let problem = words!(
                        "{this} có một phần để trống",
                        "{this} holds an empty text",
                        this = self.words()
                    );
                    let remedy = words!("bỏ phần để trống", "take it out");
                    self.table.log.error(self.table.file(), span, "pack.empty", problem, remedy);
                }
                None => self.table.wrong_type(span, &self.key, kind_of(value), Type::Text),
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
                    let problem = ends_before_it_begins(&self.words(), *first, *last);
                    self.error("pack.span", problem, first_year_first());
                    return None;
                }
                Some((i16::try_from(*first).ok()?, i16::try_from(*last).ok()?))
            }
            _ => {
                let problem = words!(
                    "{this} không phải là hai năm",
                    "{this} is not two years",
                    this = self.words()
                );
                let remedy = words!(
                    "hãy ghi năm đầu và năm cuối: [2019, 2026]",
                    "write the first and the last year: [2019, 2026]"
                );
                self.error("pack.type", problem, remedy);
                None
            }
        }
    }

    /// A table within the table.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        let item = self.item?;
        let Some(table) = item.as_table_like() else {
            self.wrong_type(item, Type::Table);
            return None;
        };
        let mut part = self.table.part(table, item.span(), &self.key, &Words::default());
        part.what = if self.table.span == (0..0) {
            Words::verbatim(format!("`[{}]`", self.key))
        } else {
            self.words()
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
            let problem = words!(
                "{id} không thể là mã của gói kế hoạch",
                "{id} cannot be the id of a pack",
                id = quote(&id)
            );
            let remedy = words!(
                "hãy dùng chữ thường không dấu, chữ số và `-`, ví dụ `lang-son-2023`",
                "write lower-case letters without marks, digits and `-`, as `lang-son-2023`"
            );
            self.error("pack.id-form", problem, remedy);
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
                words!(
                    "hãy dùng chữ thường không dấu, chữ số và dấu gạch dưới, bắt đầu bằng chữ cái",
                    "write lower-case letters without marks, digits and underscores, beginning with a letter"
                ),
            )
        } else {
            (
                id.chars().all(plain),
                words!(
                    "hãy dùng chữ không dấu, chữ số, `-`, `_` và `.`",
                    "write letters without marks, digits, `-`, `_` and `.`"
                ),
            )
        };
        if !fits || id.len() > 80 {
            let problem = words!("{id} không thể là mã", "{id} cannot be an id", id = quote(&id));
            self.error("pack.id-form", problem, wanted);
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

/// That something ends in a year before the one in which it begins.
pub(crate) fn ends_before_it_begins(what: &Words, from: i64, to: i64) -> Words {
    words!(
        "{what} kết thúc năm {to}, trước năm bắt đầu {from}",
        "{what} ends in {to}, before it begins in {from}",
        what,
        from = from.to_string(),
        to = to.to_string()
    )
}

/// What to do about it.
pub(crate) fn first_year_first() -> Words {
    words!("hãy ghi năm đầu trước", "write the first year first")
}

/// What a value may be.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Whole,
    Number,
    Flag,
    Date,
    List,
    Table,
    Tables,
    Nothing,
}

impl Type {
    fn words(self) -> Words {
        match self {
            Self::Text => words!("chữ", "a text"),
            Self::Whole => words!("số nguyên", "a whole number"),
            Self::Number => words!("số", "a number"),
            Self::Flag => words!("true hoặc false", "true or false"),
            Self::Date => words!("ngày", "a date"),
            Self::List => words!("danh sách", "a list"),
            Self::Table => words!("bảng", "a table"),
            Self::Tables => words!("danh sách các bảng", "a list of tables"),
            Self::Nothing => words!("trống", "nothing"),
        }
    }
}

fn kind_of(value: &Value) -> Type {
    match value {
        Value::String(_) => Type::Text,
        Value::Integer(_) => Type::Whole,
        Value::Float(_) => Type::Number,
        Value::Boolean(_) => Type::Flag,
        Value::Datetime(_) => Type::Date,
        Value::Array(_) => Type::List,
        Value::InlineTable(_) => Type::Table,
    }
}

fn kind_of_item(item: &Item) -> Type {
    match item {
        Item::Value(value) => kind_of(value),
        Item::Table(_) => Type::Table,
        Item::ArrayOfTables(_) => Type::Tables,
        Item::None => Type::Nothing,
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
        words!(
            "{written} không phải là giá trị trong `{key}` của {what}",
            "{written} is not one of the {key} of {what}",
            written = quote(written),
            key,
            what = table.what
        ),
        suggest(written, known.iter().copied()),
    );
}
