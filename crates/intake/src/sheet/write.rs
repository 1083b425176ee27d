//! Sheets that go out: templates to fill in, tables to take away, and copies of a file with its faults marked.
//!
//! All three are made from the same form that the reader goes by, so that what goes out can come in again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use hoptac_model::sheet::table::{SheetTable, TableCell};
use hoptac_model::sheet::{CellKind, CellValue, SheetColumn, SheetForm, flag_word};
use hoptac_model::text::{Language, Words};
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{Book, BookFault, Raw, STAMP_SHEET, SheetName, Stamp};

/// Rows of a template that are ready to be filled in.
const ROWS: u32 = 2000;
/// The row of a template's heads, from 0; the example stands below.
const HEAD: u32 = 3;

/// Why a sheet could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFault {
    /// The writer of spreadsheets could not do it.
    #[error("writing the spreadsheet")]
    Xlsx(#[from] XlsxError),
    /// What was to be copied cannot be read.
    #[error(transparent)]
    Book(#[from] BookFault),
}

/// The template of a form.
pub fn template(
    form: &SheetForm,
    stamp: &Stamp,
    language: Language,
) -> Result<Vec<u8>, WriteFault> {
    let mut book = Workbook::new();
    let say = |vi: &str, en: &str| Words::new(vi, en).get(language).to_owned();
    let sheet = book.add_worksheet();
    sheet.set_name(say("Nhập liệu", "Entry"))?;
    let width = u16::try_from(form.columns.len()).unwrap_or(u16::MAX);
    let mut title = form.title.get(language).to_owned();
    if let Some(year) = stamp.year {
        title.extend([" – ", &say("năm", "year"), " ", &year.to_string()]);
    }
    if let Some(unit) = &stamp.unit {
        title.extend([" – ", &say("đơn vị", "unit"), " ", unit]);
    }
    sheet.write_with_format(0, 0, title, &Format::new().set_bold().set_font_size(14))?;
    sheet.write(1, 0, form.note.get(language))?;
    sheet.write(
        2,
        0,
        say(
            "Cột có dấu * là bắt buộc. Cách ghi từng cột: trang “Hướng dẫn”.",
            "Columns with * are required. How to fill them in: sheet `Instructions`.",
        ),
    )?;
    let head = head_format();
    let example = Format::new().set_italic().set_font_color(Color::Gray);
    sheet.write_with_format(HEAD, 0, say("STT", "No."), &head)?;
    sheet.write_with_format(HEAD + 1, 0, say("Ví dụ", "Ví dụ"), &example)?;
    sheet.set_column_width(0, 6)?;
    sheet.set_column_format(0, &Format::new().set_unlocked())?;
    for (at, column) in (1..).zip(&form.columns) {
        let mark = if column.required { " *" } else { "" };
        sheet.write_with_format(HEAD, at, format!("{}{mark}", column.head.get(language)), &head)?;
        sheet.insert_note(HEAD, at, &note(column.help.get(language)))?;
        sheet.write_with_format(HEAD + 1, at, &column.example, &example)?;
        sheet.set_column_width(at, width_of(column, language))?;
        sheet.set_column_format(at, &format_of(&column.kind).set_unlocked())?;
        if let Some(validation) = validation_of(column, at, language)? {
            sheet.add_data_validation(HEAD + 2, at, HEAD + 1 + ROWS, at, &validation)?;
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    // Heads of two lines stand whole in it.
    sheet.set_row_height(HEAD, 32)?;
    sheet.autofilter(HEAD, 0, HEAD + 1 + ROWS, width)?;
    let may = ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&may);
    // On paper a list is as wide as the sheet, with its heads on every page.
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD, HEAD)?;
    instructions(&mut book, form, language)?;
    lists(&mut book, form, language)?;
    put_stamp(&mut book, stamp)?;
    Ok(book.save_to_buffer()?)
}

/// What each column is and how it is written.
fn instructions(
    book: &mut Workbook,
    form: &SheetForm,
    language: Language,
) -> Result<(), WriteFault> {
    let say = |vi: &str, en: &str| Words::new(vi, en).get(language).to_owned();
    let sheet = book.add_worksheet();
    sheet.set_name(say("Hướng dẫn", "Instructions"))?;
    sheet.write_with_format(0, 0, form.title.get(language), &Format::new().set_bold())?;
    sheet.write(1, 0, form.note.get(language))?;
    let heads = [
        say("Cột", "Column"),
        say("Bắt buộc", "Required"),
        say("Cách ghi", "How it is written"),
        say("Ví dụ mẫu", "Example"),
    ];
    let head = head_format();
    for (at, text) in (0..).zip(heads) {
        sheet.write_with_format(3, at, text, &head)?;
    }
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, column) in (4..).zip(&form.columns) {
        sheet.write_with_format(row, 0, column.head.get(language), &wrap)?;
        let required = if column.required { say("có", "yes") } else { String::new() };
        sheet.write_with_format(row, 1, required, &wrap)?;
        let mut help = column.help.get(language).to_owned();
        if let CellKind::Choice(choices) = &column.kind {
            let words: Vec<&str> = choices.iter().map(|c| c.words.get(language)).collect();
            help.extend([" (", &words.join("; "), ")"]);
        }
        sheet.write_with_format(row, 2, help, &wrap)?;
        sheet.write_with_format(row, 3, &column.example, &wrap)?;
    }
    for (at, width) in [(0, 28), (1, 10), (2, 70), (3, 24)] {
        sheet.set_column_width(at, width)?;
    }
    sheet.protect();
    Ok(())
}

/// The name of the hidden sheet with the words that drop-downs offer.
const LISTS: &str = "danh-muc";

fn lists(book: &mut Workbook, form: &SheetForm, language: Language) -> Result<(), WriteFault> {
    let sheet = book.add_worksheet();
    sheet.set_name(LISTS)?;
    for (at, column) in (1..).zip(&form.columns) {
        for (row, word) in (0..).zip(words_of(&column.kind, language)) {
            sheet.write(row, at, word)?;
        }
    }
    sheet.set_hidden(true);
    sheet.protect();
    Ok(())
}

fn put_stamp(book: &mut Workbook, stamp: &Stamp) -> Result<(), WriteFault> {
    let sheet = book.add_worksheet();
    sheet.set_name(STAMP_SHEET)?;
    for (row, (name, value)) in (0..).zip(stamp.lines()) {
        sheet.write(row, 0, name)?;
        sheet.write(row, 1, value)?;
    }
    sheet.set_very_hidden(true);
    sheet.protect();
    Ok(())
}

fn words_of(kind: &CellKind, language: Language) -> Vec<String> {
    match kind {
        CellKind::Choice(choices) => {
            choices.iter().map(|choice| choice.words.get(language).to_owned()).collect()
        }
        CellKind::Flag => [true, false].map(|flag| flag_word(flag, language).to_owned()).to_vec(),
        CellKind::Text(_)
        | CellKind::Code
        | CellKind::Count
        | CellKind::Tenths
        | CellKind::Decimal
        | CellKind::Money
        | CellKind::Day
        | CellKind::Year => Vec::new(),
    }
}

/// What a spreadsheet itself checks while somebody types.
fn validation_of(
    column: &SheetColumn,
    at: u16,
    language: Language,
) -> Result<Option<DataValidation>, WriteFault> {
    let list = words_of(&column.kind, language).len();
    let validation = DataValidation::new();
    let validation = match &column.kind {
        CellKind::Choice(_) | CellKind::Flag => {
            let letters = super::letters(usize::from(at));
            let range = format!("='{LISTS}'!${letters}$1:${letters}${list}");
            validation.allow_list_formula(Formula::new(range))
        }
        CellKind::Day => validation.allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(1945, 9, 2)?,
            ExcelDateTime::from_ymd(2100, 12, 31)?,
        )),
        CellKind::Year => validation.allow_whole_number(DataValidationRule::Between(1990, 2100)),
        CellKind::Count => {
            validation.allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
        }
        CellKind::Tenths => {
            validation.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        }
        CellKind::Money | CellKind::Decimal => {
            validation.allow_decimal_number(DataValidationRule::Between(-1e15, 1e15))
        }
        CellKind::Text(most) => {
            let most = u32::try_from(*most).unwrap_or(u32::MAX);
            validation.allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
        }
        CellKind::Code => return Ok(None),
    };
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    Ok(Some(
        validation
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(cut(column.head.get(language), 32))?
            .set_error_message(cut(column.help.get(language), 255))?,
    ))
}

fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xDD_EB_F7))
        .set_border(FormatBorder::Thin)
}

fn format_of(kind: &CellKind) -> Format {
    match kind {
        CellKind::Code | CellKind::Text(_) | CellKind::Choice(_) | CellKind::Flag => {
            Format::new().set_num_format("@")
        }
        CellKind::Count | CellKind::Money => Format::new().set_num_format("#,##0"),
        CellKind::Tenths => Format::new().set_num_format("0.0"),
        CellKind::Decimal => Format::new().set_num_format("General"),
        CellKind::Year => Format::new().set_num_format("0"),
        CellKind::Day => Format::new().set_num_format("dd/mm/yyyy"),
    }
}

fn width_of(column: &SheetColumn, language: Language) -> u16 {
    let head = column.head.get(language).chars().count() / 2 + 4;
    let least = match &column.kind {
        CellKind::Text(most) if *most > 100 => 36,
        CellKind::Money => 18,
        CellKind::Code | CellKind::Day | CellKind::Choice(_) => 14,
        CellKind::Text(_)
        | CellKind::Count
        | CellKind::Tenths
        | CellKind::Decimal
        | CellKind::Year
        | CellKind::Flag => 10,
    };
    u16::try_from(head.clamp(least, 48)).unwrap_or(48)
}

fn note(text: &str) -> Note {
    Note::new(text).set_author("hoptac").add_author_prefix(false)
}

/// A table as a spreadsheet, stamped with what it is, so that it comes in again as the same form.
pub fn table_xlsx(
    SheetTable { form, rows }: &SheetTable,
    stamp: &Stamp,
    language: Language,
) -> Result<Vec<u8>, WriteFault> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(form.title.get(language)))?;
    let head = head_format();
    let formats: Vec<Format> = form.columns.iter().map(|column| format_of(&column.kind)).collect();
    for (at, column) in (0..).zip(&form.columns) {
        sheet.write_with_format(0, at, column.head.get(language), &head)?;
        sheet.set_column_width(at, width_of(column, language))?;
    }
    for (row, cells) in (1..).zip(rows) {
        for (at, ((cell, column), format)) in
            (0..).zip(cells.iter().zip(&form.columns).zip(&formats))
        {
            put(sheet, (row, at), cell, &column.kind, format, language)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    put_stamp(&mut book, stamp)?;
    Ok(book.save_to_buffer()?)
}

/// Text is always written as text: nothing that somebody named `=1+1` becomes a formula.
fn put(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &TableCell,
    kind: &CellKind,
    format: &Format,
    language: Language,
) -> Result<(), WriteFault> {
    match cell {
        TableCell::Empty => {}
        TableCell::Number(number) | TableCell::Value(CellValue::Decimal(number)) => {
            sheet.write_number(row, at, *number)?;
        }
        TableCell::Value(CellValue::Day(day)) => {
            sheet.write_with_format(row, at, excel_day(*day)?, format)?;
        }
        TableCell::Value(CellValue::Whole(whole)) => match kind {
            CellKind::Flag => {
                sheet.write_string_with_format(
                    row,
                    at,
                    flag_word(*whole != 0, language),
                    format,
                )?;
            }
            #[expect(clippy::cast_precision_loss, reason = "spreadsheets hold floats anyway")]
            CellKind::Tenths => {
                sheet.write_number_with_format(row, at, *whole as f64 / 10.0, format)?;
            }
            #[expect(clippy::cast_precision_loss, reason = "spreadsheets hold floats anyway")]
            CellKind::Text(_)
            | CellKind::Code
            | CellKind::Count
            | CellKind::Decimal
            | CellKind::Money
            | CellKind::Day
            | CellKind::Year
            | CellKind::Choice(_) => {
                sheet.write_number_with_format(row, at, *whole as f64, format)?;
            }
        },
        TableCell::Value(CellValue::Text(text)) => {
            let text = kind.choice_word(text, language);
            sheet.write_string_with_format(row, at, text, format)?;
        }
    }
    Ok(())
}

fn excel_day(day: Date) -> Result<ExcelDateTime, WriteFault> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let (month, day) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    Ok(ExcelDateTime::from_ymd(year, month, day)?)
}

/// A name that a sheet may have: 31 characters, none of those that addresses use.
fn sheet_name(title: &str) -> String {
    let name: String = title
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { ' ' } else { c })
        .take(31)
        .collect();
    let name = name.trim().to_owned();
    if name.is_empty() { "hoptac 1".to_owned() } else { name }
}

/// A table as text, a semicolon between cells, as Excel in Viet Nam opens it. A text that a spreadsheet would take for a
/// formula gets an apostrophe before it, which the reader takes off again.
pub fn table_csv(SheetTable { form, rows }: &SheetTable, language: Language) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let heads = form.columns.iter().map(|column| column.head.get(language).to_owned());
    line(&mut text, heads);
    for cells in rows {
        line(
            &mut text,
            cells.iter().zip(&form.columns).map(|(cell, column)| written(cell, column, language)),
        );
    }
    text.into_bytes()
}

fn written(cell: &TableCell, column: &SheetColumn, language: Language) -> String {
    match cell {
        TableCell::Empty => String::new(),
        TableCell::Number(number) | TableCell::Value(CellValue::Decimal(number)) => {
            decimal(*number, language)
        }
        TableCell::Value(CellValue::Day(day)) => {
            format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
        }
        TableCell::Value(CellValue::Whole(whole)) => match &column.kind {
            CellKind::Flag => flag_word(*whole != 0, language).to_owned(),
            CellKind::Tenths if whole % 10 == 0 => (whole / 10).to_string(),
            CellKind::Tenths if language == Language::Vi => {
                format!("{},{}", whole / 10, whole % 10)
            }
            CellKind::Tenths => format!("{}.{}", whole / 10, whole % 10),
            CellKind::Text(_)
            | CellKind::Code
            | CellKind::Count
            | CellKind::Decimal
            | CellKind::Money
            | CellKind::Day
            | CellKind::Year
            | CellKind::Choice(_) => whole.to_string(),
        },
        TableCell::Value(CellValue::Text(text)) => {
            let text = column.kind.choice_word(text, language);
            if text.starts_with(super::csv::FORMULA_MARKS) {
                format!("'{text}")
            } else {
                text.to_owned()
            }
        }
    }
}

/// A number with decimals. Three of them would be read as thousands, so that a zero follows.
fn decimal(number: f64, language: Language) -> String {
    let mut text = number.to_string();
    if text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 3) {
        text.push('0');
    }
    if language == Language::Vi { text.replace('.', ",") } else { text }
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(';');
        }
        if cell.contains([';', '"', '\n', '\r']) || cell.trim() != cell {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// Something to be marked in a copy of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The row, as the spreadsheet shows it.
    pub row: u32,
    /// The column of the sheet, from 0; the first one where it is about the whole row.
    pub at: usize,
    /// Whether it stops the row.
    pub stops: bool,
    /// What is wrong and what to do, a sentence each.
    pub says: String,
}

/// A copy of a file with the values of all its visible sheets, in which the cells of one are coloured and commented.
/// Another sheet before them lists everything that is marked.
pub fn marked(
    book: &Book,
    sheet: &str,
    marks: &[Mark],
    language: Language,
) -> Result<Vec<u8>, WriteFault> {
    let say = |vi: &str, en: &str| Words::new(vi, en).get(language).to_owned();
    let mut copy = Workbook::new();
    let mut by_cell: BTreeMap<(u32, usize), (bool, String)> = BTreeMap::new();
    for mark in marks {
        let (stops, says) = by_cell.entry((mark.row, mark.at)).or_default();
        *stops |= mark.stops;
        if !says.is_empty() {
            says.push('\n');
        }
        says.push_str(&mark.says);
    }
    let list = copy.add_worksheet();
    list.set_name(say("Lỗi cần sửa", "To correct"))?;
    let heads = [
        say("Ô", "Cell"),
        say("Mức độ", "Severity"),
        say("Nội dung, cách sửa", "What is wrong, what to do"),
    ];
    for (at, text) in (0..).zip(heads) {
        list.write_with_format(0, at, text, &head_format())?;
    }
    for (row, ((number, at), (stops, says))) in (1..).zip(&by_cell) {
        list.write_string(row, 0, format!("{}{number}", super::letters(*at)))?;
        let severity = if *stops { say("lỗi", "error") } else { say("cảnh báo", "warning") };
        list.write_string(row, 1, severity)?;
        list.write_string(row, 2, says)?;
    }
    list.set_column_width(2, 100)?;
    for (index, SheetName { name, hidden }) in book.sheets().iter().enumerate() {
        if *hidden || name == STAMP_SHEET {
            continue;
        }
        let out = copy.add_worksheet();
        // A list of faults of an earlier copy would have the name of the new one.
        out.set_name(sheet_name(if index == 0 && name == &say("Lỗi cần sửa", "To correct") {
            "1"
        } else {
            name
        }))?;
        copy_sheet(book, index, out, if name == sheet { Some(&by_cell) } else { None })?;
        if name == sheet {
            out.set_active(true);
        }
    }
    if let Ok(Some(stamp)) = Stamp::of(book) {
        put_stamp(&mut copy, &stamp)?;
    }
    Ok(copy.save_to_buffer()?)
}

type Marks = BTreeMap<(u32, usize), (bool, String)>;

fn copy_sheet(
    book: &Book,
    index: usize,
    out: &mut Worksheet,
    marks: Option<&Marks>,
) -> Result<(), WriteFault> {
    let plain = Format::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let error = Color::RGB(0xFF_C7_CE);
    let warning = Color::RGB(0xFF_EB_9C);
    let mut failed = None;
    book.rows(index, &mut |row| {
        let mut put_row = || -> Result<(), XlsxError> {
            for column in 0..row.width() {
                let at = u16::try_from(column).unwrap_or(u16::MAX);
                let raw = row.get(column);
                let is_day = matches!(raw, Raw::Serial(_) | Raw::Day(_));
                let base = if is_day { &day } else { &plain };
                let mark = marks.and_then(|marks| marks.get(&(row.number, column)));
                let format = match mark {
                    Some((true, _)) => &base.clone().set_background_color(error),
                    Some((false, _)) => &base.clone().set_background_color(warning),
                    None => base,
                };
                let row = row.number - 1;
                match raw {
                    Raw::Empty => {
                        if mark.is_some() {
                            out.write_blank(row, at, format)?;
                        }
                    }
                    Raw::Text(text) | Raw::Fault(text) => {
                        let text: String = text.chars().take(32_767).collect();
                        out.write_string_with_format(row, at, text, format)?;
                    }
                    Raw::Number(number) | Raw::Serial(number) => {
                        out.write_number_with_format(row, at, number, format)?;
                    }
                    Raw::Day(date) => {
                        let year = u16::try_from(date.year()).unwrap_or(1900);
                        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
                        let date = ExcelDateTime::from_ymd(year, month, day)?;
                        out.write_with_format(row, at, date, format)?;
                    }
                    Raw::Truth(truth) => {
                        out.write_boolean_with_format(row, at, truth, format)?;
                    }
                }
            }
            Ok(())
        };
        match put_row() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    for ((row, at), (stops, says)) in marks.into_iter().flatten() {
        let at = u16::try_from(*at).unwrap_or(u16::MAX);
        let colour = if *stops { error } else { warning };
        let text: String = says.chars().take(2000).collect();
        out.insert_note(row.saturating_sub(1), at, &note(&text).set_background_color(colour))?;
    }
    Ok(())
}
