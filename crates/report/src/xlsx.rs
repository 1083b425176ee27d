//! The tables of a document as .xlsx: one sheet each, numbers as numbers, the source of each figure as a note.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError};

use crate::document::{Align, Block, Document, Table};

/// Writes the tables, behind a sheet with the sentences.
pub fn write(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day of the file would make the same report another file.
    let properties = rust_xlsxwriter::DocProperties::new()
        .set_title(document.title())
        .set_creation_datetime(&rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    words(book.add_worksheet(), document)?;
    for (number, table) in (1..).zip(document.tables()) {
        sheet(book.add_worksheet().set_name(format!("Bảng {number}"))?, table)?;
    }
    book.save_to_buffer()
}

/// The sentences, one below the other.
fn words(sheet: &mut Worksheet, document: &Document) -> Result<(), XlsxError> {
    sheet.set_name("Báo cáo")?;
    sheet.set_column_width(0, 110)?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 0;
    let mut say = |text: &str, format: &Format| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, text, format)?;
        row += 1;
        Ok(())
    };
    say(&document.title(), &bold)?;
    if !document.heading.notice.is_empty() {
        say(&document.heading.notice, &wrapped)?;
    }
    for block in &document.blocks {
        match block {
            Block::Section { text, .. } => say(text, &bold)?,
            Block::Paragraph(paragraph) => say(&paragraph.text(), &wrapped)?,
            Block::Table(_) | Block::Chart(_) | Block::PageBreak => {}
        }
    }
    Ok(())
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let framed = || Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let head =
        framed().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    sheet.write_string_with_format(0, 0, &table.caption, &Format::new().set_bold())?;
    for (number, column) in (0..).zip(&table.columns) {
        sheet.set_column_width(number, (f64::from(column.width) / 9.0).max(6.0))?;
        sheet.write_string_with_format(1, number, &column.head, &head)?;
    }
    sheet.set_freeze_panes(2, 0)?;
    for (line, row) in (2..).zip(&table.rows) {
        for ((number, column), cell) in (0..).zip(&table.columns).zip(&row.cells) {
            let align = match column.align {
                Align::Left => FormatAlign::Left,
                Align::Centre => FormatAlign::Center,
                Align::Right => FormatAlign::Right,
            };
            let mut format = framed().set_align(align);
            if row.strong {
                format = format.set_bold();
            }
            match cell.value {
                Some(value) => {
                    let decimals = usize::from(cell.decimals);
                    let point = if decimals > 0 { "." } else { "" };
                    let format =
                        format.set_num_format(format!("#,##0{point}{}", "0".repeat(decimals)));
                    sheet.write_number_with_format(line, number, value, &format)?;
                }
                None => {
                    sheet.write_string_with_format(line, number, &cell.text, &format)?;
                }
            }
            if let Some(source) = &cell.source {
                let note = format!(
                    "{} (bản {}), {}, ngày {}, sổ cái số {}",
                    source.indicator, source.version, source.unit, source.on, source.position
                );
                sheet.insert_note(line, number, &Note::new(note).add_author_prefix(false))?;
            }
        }
    }
    let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX).saturating_add(3);
    sheet.write_string(last, 0, &table.note)?;
    Ok(())
}
