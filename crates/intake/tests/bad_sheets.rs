//! Workbooks that are bad on purpose or by habit, each made here, each with what is found about it, in bounded time. They are
//! left in the folder `bad-sheets` of the tests' own folder, each with a text that says what is expected, for trying them by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod by_hand;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;

use hoptac_intake::sheet::{Ask, Book, BookFault, read};
use hoptac_model::sheet::SheetForm;
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;

use by_hand::{HEADS, RELATIONS, ROW, WORKBOOK};

/// A part of a file: its name and its bytes.
type Part = (&'static str, Vec<u8>);

/// A zip of parts.
fn zip(parts: &[Part]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn cells(cells: &[&str]) -> String {
    let cell = |text: &&str| [r#"<c t="inlineStr"><is><t>"#, text, "</t></is></c>"].concat();
    cells.iter().map(cell).collect::<Vec<_>>().concat()
}

/// The rows of a sheet of the form as XML, heads first.
fn sheet(rows: &[String]) -> String {
    let heads = format!("<row>{}</row>", cells(&HEADS));
    let rows =
        rows.iter().map(|row| ["<row>", row, "</row>"].concat()).collect::<Vec<_>>().concat();
    format!("<worksheet><sheetData>{heads}{rows}</sheetData></worksheet>")
}

/// A workbook of one sheet, with further parts.
fn xlsx(sheet: &str, others: &[Part]) -> Vec<u8> {
    let mut parts: Vec<Part> = vec![
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
        ("xl/worksheets/sheet1.xml", sheet.into()),
    ];
    parts.extend_from_slice(others);
    zip(&parts)
}

fn good() -> String {
    sheet(&[cells(&ROW)])
}

/// The form's row with another text in one column.
fn with(column: usize, text: &str) -> String {
    let mut row = ROW;
    *row.get_mut(column).unwrap() = text;
    cells(&row)
}

fn table(heads: &[&str], rows: &[&[&str]]) -> String {
    let mut text = heads.join(";");
    for row in rows {
        text.push('\n');
        text.push_str(&row.join(";"));
    }
    text
}

/// Reads a file as the form of organisations: the fault that stops it, or its rows and what was found in them.
#[track_caller]
fn check(name: &str, bytes: Vec<u8>, want: &str) {
    leave(name, &bytes, want);
    let clock = std::thread::spawn({
        let name = name.to_owned();
        move || said(&name, bytes)
    });
    // Of what is made here, nothing takes a reader longer than this, even unoptimised on a busy machine.
    let mut waited = Duration::ZERO;
    while !clock.is_finished() {
        std::thread::sleep(Duration::from_millis(20));
        waited += Duration::from_millis(20);
        assert!(waited < Duration::from_mins(1), "{name} takes too long");
    }
    assert_eq!(clock.join().unwrap(), want, "{name}");
}

/// Keeps a file under the name of its test.
fn leave(name: &str, bytes: &[u8], want: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad-sheets");
    fs::create_dir_all(&folder).unwrap();
    let thread = std::thread::current();
    let test = thread.name().unwrap();
    let (_, ending) = name.rsplit_once('.').unwrap();
    fs::write(folder.join(format!("{test}.{ending}")), bytes).unwrap();
    fs::write(folder.join(format!("{test}.{ending}.txt")), want).unwrap();
}

fn said(name: &str, bytes: Vec<u8>) -> String {
    let unscanned = said_of(Book::open_unscanned(name, bytes.clone()));
    let scanned = said_of(Book::open(name, bytes));
    assert_eq!(scanned, unscanned, "the scanner and the general reader differ on {name}");
    scanned
}

fn said_of(book: Result<Book, BookFault>) -> String {
    let book = match book {
        Ok(book) => book,
        Err(fault) => {
            assert!(!fault.problem.vi.is_empty() && !fault.remedy.vi.is_empty());
            return fault.rule.to_owned();
        }
    };
    let macros = if book.macros { ", macros" } else { "" };
    match read(&book, &SheetForm::organisations(), &Ask::default(), &mut |_| ()) {
        Err(fault) => fault.rule.to_owned(),
        Ok(reading) => {
            let found: Vec<String> =
                reading.findings.iter().map(|f| format!(" {} {}", f.cell(), f.rule)).collect();
            format!("{}{macros}:{}", reading.rows, found.join(","))
        }
    }
}

#[test]
fn a_picture_named_as_a_workbook() {
    check("bang.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "book.not-a-table");
}
#[test]
fn a_pdf_named_as_a_workbook() {
    check("bang.xlsx", b"%PDF-1.7\n1 0 obj\n".to_vec(), "book.not-a-table");
}
#[test]
fn an_empty_file() {
    check("bang.xlsx", Vec::new(), "book.empty");
}
#[test]
fn a_zip_that_ends_early() {
    let mut bytes = xlsx(&good(), &[]);
    bytes.truncate(bytes.len() / 2);
    check("bang.xlsx", bytes, "book.damaged");
}
#[test]
fn a_sheet_that_ends_early() {
    let whole = good();
    let (half, _) = whole.split_at(whole.rfind("</row>").unwrap());
    check("bang.xlsx", xlsx(half, &[]), "book.damaged");
}
#[test]
fn a_zip_bomb() {
    let mut bomb = vec![b' '; 80 * 1024 * 1024];
    bomb.splice(..0, good().into_bytes());
    let parts: [Part; 3] = [
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
        ("xl/worksheets/sheet1.xml", bomb),
    ];
    check("bang.xlsx", zip(&parts), "book.too-large");
}
#[test]
fn entities_that_multiply() {
    let laughs = good().replace(
        "<worksheet>",
        "<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet>",
    );
    let laughs = laughs.replace("Rau An Bình", "&b;&b;");
    check("bang.xlsx", xlsx(&laughs, &[]), "1:");
}
#[test]
fn a_million_styles() {
    let styles =
        format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(1_000_000));
    check("bang.xlsx", xlsx(&good(), &[("xl/styles.xml", styles.into_bytes())]), "1:");
}
#[test]
fn macros_are_told_and_not_run() {
    check("bang.xlsm", xlsx(&good(), &[("xl/vbaProject.bin", vec![1, 2, 3])]), "1, macros:");
}
#[test]
fn links_to_other_files_are_not_followed() {
    let link = br#"<externalLink><externalBook r:id="rId1"/></externalLink>"#.to_vec();
    check("bang.xlsx", xlsx(&good(), &[("xl/externalLinks/externalLink1.xml", link)]), "1:");
}
#[test]
fn a_password() {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    check("bang.xlsx", bytes, "book.password");
}
#[test]
fn three_hundred_sheets() {
    let mut book = Workbook::new();
    for number in 0..300 {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("Trang {number}")).unwrap();
        sheet.write(0, 0, "Kính gửi: Ủy ban nhân dân tỉnh").unwrap();
        if number == 299 {
            sheet.write_row(4, 0, HEADS).unwrap();
            sheet.write_row(5, 0, ROW).unwrap();
        }
    }
    check("bang.xlsx", book.save_to_buffer().unwrap(), "1:");
}
#[test]
fn the_longest_cell_there_is() {
    let name = "ă".repeat(32_767);
    check("bang.xlsx", xlsx(&sheet(&[with(0, &name)]), &[]), "1: A2 cell.too-long");
}
#[test]
fn a_dimension_that_lies() {
    let lie = good().replace("<sheetData>", r#"<dimension ref="A1:XFD1048576"/><sheetData>"#);
    check("bang.xlsx", xlsx(&lie, &[]), "1:");
}
#[test]
fn a_row_beyond_all_rows() {
    let far = good().replace("</sheetData>", r#"<row r="4294967295"><c/></row></sheetData>"#);
    check("bang.xlsx", xlsx(&far, &[]), "book.too-large");
}
#[test]
fn a_cell_beyond_all_columns() {
    let far =
        good().replace("</row></sheetData>", r#"<c r="ZZZZZ2"><v>1</v></c></row></sheetData>"#);
    check("bang.xlsx", xlsx(&far, &[]), "1:");
}
#[test]
fn shared_texts_that_lie_elsewhere() {
    let row = cells(&ROW).replace(
        r#"<c t="inlineStr"><is><t>Hợp tác xã Rau An Bình</t></is></c>"#,
        r#"<c t="s"><v>0</v></c>"#,
    );
    let relations = RELATIONS.replace(
        "</Relationships>",
        r#"<Relationship Id="rId2" Type="r/sharedStrings" Target="/chung.xml"/></Relationships>"#,
    );
    let shared = "<sst><si><t>Hợp tác xã Rau An Bình</t></si></sst>";
    let parts: [Part; 4] = [
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", relations.into()),
        ("xl/worksheets/sheet1.xml", sheet(&[row]).into()),
        ("chung.xml", shared.into()),
    ];
    check("bang.xlsx", zip(&parts), "1:");
}
#[test]
fn a_text_that_is_not_among_the_shared_ones() {
    let row = cells(&ROW).replace(
        r#"<c t="inlineStr"><is><t>Hợp tác xã Rau An Bình</t></is></c>"#,
        r#"<c t="s"><v>99</v></c>"#,
    );
    check("bang.xlsx", xlsx(&sheet(&[row]), &[]), "1: A2 cell.empty");
}
#[test]
fn the_error_of_a_formula() {
    let row = cells(&ROW).replace(
        r#"<c t="inlineStr"><is><t>14</t></is></c>"#,
        r#"<c t="e"><f>A1+#REF!</f><v>#REF!</v></c>"#,
    );
    check("bang.xlsx", xlsx(&sheet(&[row]), &[]), "1: G2 cell.formula-error");
}
#[test]
fn hidden_sheets_are_passed_over() {
    let mut book = Workbook::new();
    for (name, hidden) in [("Cũ", true), ("Mới", false)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write_row(0, 0, HEADS).unwrap();
        sheet.write_row(1, 0, ROW).unwrap();
        if hidden {
            sheet.write(2, 0, "Hợp tác xã Cũ").unwrap();
            sheet.write(2, 1, "HTX").unwrap();
            sheet.set_hidden(true);
        } else {
            sheet.set_active(true);
        }
    }
    check("bang.xlsx", book.save_to_buffer().unwrap(), "1:");
}
#[test]
fn merged_heads_titles_sums_and_notes() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 6, "DANH SÁCH HỢP TÁC XÃ", &plain).unwrap();
    sheet.write(1, 5, "Đơn vị: triệu đồng").unwrap();
    sheet.merge_range(2, 0, 3, 0, "Tên tổ chức", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Loại hình", &plain).unwrap();
    sheet.merge_range(2, 2, 2, 4, "Đăng ký", &plain).unwrap();
    sheet.write_row(3, 2, ["Mã số", "Ngày thành lập", "Xã, phường"]).unwrap();
    sheet.merge_range(2, 5, 3, 5, "Ngành chính (VSIC)", &plain).unwrap();
    sheet.merge_range(2, 6, 3, 6, "Số thành viên", &plain).unwrap();
    sheet.write_row(4, 0, ROW).unwrap();
    sheet.write(5, 0, "Tổng cộng").unwrap();
    sheet.write(5, 6, 14).unwrap();
    sheet.write(6, 0, "Ghi chú: số liệu đến 31/12").unwrap();
    check("bang.xlsx", book.save_to_buffer().unwrap(), "1:");
}
#[test]
fn ten_thousand_blank_rows_at_the_end() {
    let mut rows = vec![cells(&ROW)];
    rows.extend((0..10_000).map(|_| r#"<c s="0"/><c s="0"/>"#.to_owned()));
    check("bang.xlsx", xlsx(&sheet(&rows), &[]), "1:");
}
#[test]
fn columns_moved_and_one_missing() {
    let heads = ["Số thành viên", "Tên tổ chức", "Xã, phường", "Loại hình", "Ngày thành lập"];
    let rows: [&[&str]; 1] = [&["14", "HTX Rau", "Tô Hiệu", "HTX", "15/5/2023"]];
    check("bang.csv", table(&heads, &rows).into_bytes(), "1: 1 sheet.column-missing");
}
#[test]
fn days_that_do_not_exist() {
    check(
        "bang.csv",
        table(&HEADS, &[&["HTX Rau", "HTX", "", "31/02/2015", "Tô Hiệu", "A", "14"]]).into_bytes(),
        "1: D2 cell.not-a-day",
    );
}
#[test]
fn numbers_as_text() {
    check(
        "bang.csv",
        table(&HEADS, &[&["HTX Rau", "HTX", "", "15/5/2023", "Tô Hiệu", "A", "10,500"]])
            .into_bytes(),
        "1: G2 cell.number-assumed",
    );
}
#[test]
fn a_letter_is_no_table() {
    check(
        "thu.csv",
        "Kính gửi: Ủy ban nhân dân\nVề việc báo cáo\n".as_bytes().to_vec(),
        "book.no-head",
    );
}
#[test]
fn an_older_encoding() {
    check("bang.csv", b"T\xaan,Lo\xb9i\n\xb5\xb8\xb9,\xd5\xd6\n".to_vec(), "book.encoding");
}
#[test]
fn two_encodings_in_one_file() {
    let mut bytes = table(&HEADS, &[&ROW]).into_bytes();
    bytes.extend(b"\nH\xf4p t\xe1c x\xe3;HTX\n");
    check("bang.csv", bytes, "book.encoding");
}
#[test]
fn text_of_two_bytes_a_letter() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(
        table(&HEADS, &[&ROW]).replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes),
    );
    check("bang.txt", bytes, "1:");
}
#[test]
fn a_word_document() {
    check("bang.xlsx", zip(&[("word/document.xml", b"<w:document/>".to_vec())]), "book.document");
}
#[test]
fn a_binary_workbook() {
    check("bang.xlsb", zip(&[("xl/workbook.bin", vec![0; 16])]), "book.binary");
}
#[test]
fn another_archive() {
    check("bang.xlsx", zip(&[("anh.png", vec![0; 16])]), "book.not-a-table");
}
#[test]
fn a_workbook_without_its_sheet() {
    let parts: [Part; 2] =
        [("xl/workbook.xml", WORKBOOK.into()), ("xl/_rels/workbook.xml.rels", RELATIONS.into())];
    check("bang.xlsx", zip(&parts), "book.no-head");
}
#[test]
fn a_workbook_of_plain_text() {
    check("bang.xlsx", b"Kinh gui: Uy ban nhan dan\n".to_vec(), "book.not-a-workbook");
    check("bang.XLS", table(&HEADS, &[&ROW]).into_bytes(), "book.not-a-workbook");
    check("bang.csv", table(&HEADS, &[&ROW]).into_bytes(), "1:");
}
