//! The scanner of rows and shared texts against the general XML reader: whatever a workbook holds, plain or strange, whole or
//! broken, both give the same rows with the same cells, and end in the same way.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "these sheets have heads and rows of their own")]
mod by_hand;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use hoptac_intake::sheet::{Book, Stamp, template};
use hoptac_model::sheet::SheetForm;
use hoptac_model::text::Language;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use zip::write::SimpleFileOptions;

use by_hand::{RELATIONS, WORKBOOK};

/// A workbook of a sheet and the texts that it shares.
fn workbook(sheet: &[u8], shared: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let styles = br#"<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let parts: [(&str, &[u8]); 5] = [
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", shared),
        ("xl/styles.xml", styles),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Everything that is read of a workbook: the cells of every sheet row by row, and what stopped the reading.
fn told(book: Result<Book, hoptac_intake::sheet::BookFault>) -> String {
    let book = match book {
        Ok(book) => book,
        Err(fault) => return fault.rule.to_owned(),
    };
    let mut told = String::new();
    for sheet in 0..book.sheets().len() {
        let ended = book.rows(sheet, &mut |row| {
            write!(told, "\n{}:", row.number).unwrap();
            for column in 0..row.width() {
                write!(told, " {:?}", row.get(column)).unwrap();
            }
            ControlFlow::Continue(())
        });
        writeln!(told, "\n{:?}", ended.map_err(|fault| fault.rule)).unwrap();
    }
    told
}

#[track_caller]
fn check(name: &str, bytes: &[u8]) -> String {
    let general = told(Book::open_unscanned(name, bytes.to_vec()));
    let scanned = told(Book::open(name, bytes.to_vec()));
    assert!(scanned == general, "{name}\nscanned: {scanned}\ngeneral: {general}");
    scanned
}

/// Cells as programs write them, and as none should.
const CELLS: [&str; 40] = [
    r#"<c r="A1" s="1"><v>45061</v></c>"#,
    r#"<c r="B1"><v>-14.25</v></c>"#,
    "<c><v>1250000000000</v></c>",
    r#"<c t="s"><v>0</v></c>"#,
    r#"<c r="D2" t="s"><v> 1 </v></c>"#,
    r#"<c t="s"><v>x</v></c>"#,
    r#"<c r="C9" s="7"/>"#,
    "<c/>",
    r#"<c t="b"><v>1</v></c>"#,
    r#"<c t="e"><f>A1+#REF!</f><v>#REF!</v></c>"#,
    r#"<c t="str"><f t="shared" si="0"/><v>Hợp tác xã</v></c>"#,
    r#"<c t="inlineStr"><is><t>Rau An Bình</t></is></c>"#,
    r#"<c t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>"#,
    r#"<c r="F1" t="d"><v>2023-05-15</v></c>"#,
    "<c>\n  <v>7</v>\n</c>",
    r#"<c t="inlineStr"><is><t>A &amp; B</t></is></c>"#,
    r#"<c t="inlineStr"><is><t>&#7855; &nothing; &#0;</t></is></c>"#,
    r#"<c t="str"><f>IF(A1&lt;2,"a&amp;b",1)</f><v>x</v></c>"#,
    r#"<c t="inlineStr"><is><r><t>hai </t></r><r><rPr><b/></rPr><t>lần</t></r></is></c>"#,
    r#"<c t="inlineStr"><is><t>chữ</t><rPh sb="0" eb="1"><t>âm</t></rPh></is></c>"#,
    r#"<c t="inlineStr"><is><t><![CDATA[</row> & <c>]]></t></is></c>"#,
    "<c><!-- </row> --><v>3</v></c>",
    r#"<x:c r="E1"><x:v>5</x:v></x:c>"#,
    "<c r='G1' t='s'><v>1</v></c>",
    r#"<c  r = "H1" ><v >6</v ></c >"#,
    r#"<c r="1" s="a" t=""><v>8</v></c>"#,
    r#"<c r="A1" r="B1" t="s" t="b"><v>1</v></c>"#,
    r#"<c t="inlineStr"><is><t>a&#13;b</t></is></c>"#,
    "<c t=\"str\"><v>dòng\r\ndòng\rdòng\t</v></c>",
    r#"<c r="ZZZZZZZZZZZZZ1"><v>1</v></c>"#,
    r#"<c r="XFD1"><v>1</v></c>"#,
    "<c><v>1</v><v>2</v><is><t>3</t></is></c>",
    r#"<c t="str"><v/></c>"#,
    "<c><v>5",
    "<c><v>5</c>",
    "<v>9</v>",
    r#"<c title="a>b"><v>1</v></c>"#,
    "chữ ngoài ô",
    "<c><v>1</v><extLst><ext><t>x</t></ext></extLst></c>",
    "<c><v>1.5e3</v></c><c><v>007</v></c><c><v>4294967296</v></c><c><v>+3</v></c><c><v>NaN</v></c>",
];

const ROWS: [(&str, &str); 14] = [
    ("<row>", "</row>"),
    (r#"<row r="3" spans="1:7">"#, "</row>"),
    (r#"<row r="90" x14ac:dyDescent="0.25">"#, "</row>\n"),
    (r#"<row r="8"/>"#, ""),
    ("<row/>", ""),
    ("\n  <row>\n", "\n  </row>"),
    ("<row>", "</row >"),
    ("<x:row>", "</x:row>"),
    (r#"<row r="x">"#, "</row>"),
    (r#"<row r="5" r="6">"#, "</row>"),
    ("<row r='7'>", "</row>"),
    ("<rows>", "</rows>"),
    ("<row>", ""),
    (r#"<row r="9999999">"#, "</row></row>"),
];

const TEXTS: [&str; 10] = [
    "<si><t>Hợp tác xã</t></si>",
    r#"<si><t xml:space="preserve"> a </t></si>"#,
    "\n<si>\n<t>b</t>\n</si>",
    "<si><t>A &amp; B</t></si>",
    "<si><r><t>c</t></r><r><t>d</t></r></si>",
    r#"<si><t>e</t><rPh sb="0" eb="1"><t>f</t></rPh><phoneticPr fontId="1"/></si>"#,
    "<si/>",
    "<si><t/></si>",
    "<si><t>g",
    "<x:si><x:t>h</x:t></x:si><si><!-- </si> --><t>i</t></si>",
];

fn rows() -> impl Strategy<Value = String> {
    // Most rows are written plainly, so that the scanner is at work between the others.
    let cell = prop_oneof![3 => (0..15_usize).boxed(), 1 => (0..CELLS.len()).boxed()];
    let ends = prop_oneof![3 => (0..3_usize).boxed(), 1 => (0..ROWS.len()).boxed()];
    let row = (ends, prop::collection::vec(cell, 0..8)).prop_map(|(ends, cells)| {
        let (begin, end) = ROWS.get(ends).copied().unwrap_or_default();
        let cells: String = cells.iter().filter_map(|at| CELLS.get(*at).copied()).collect();
        format!("{begin}{cells}{end}")
    });
    prop::collection::vec(row, 0..12).prop_map(|rows| rows.concat())
}

/// What may happen to a part on its way: a byte becomes another, some are lost, some come twice, the rest is missing.
#[derive(Clone, Debug)]
enum Harm {
    None,
    Byte(Index, u8),
    Lost(Index, usize),
    Twice(Index, usize),
    Ends(Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let bytes = select(b"<>/\"'&; =!?cvrt-[]\r\n\0\xC4\xFF".as_slice());
    prop_oneof![
        4 => Just(Harm::None),
        2 => (any::<Index>(), bytes).prop_map(|(at, byte)| Harm::Byte(at, byte)),
        1 => (any::<Index>(), 1..9_usize).prop_map(|(at, long)| Harm::Lost(at, long)),
        1 => (any::<Index>(), 1..60_usize).prop_map(|(at, long)| Harm::Twice(at, long)),
        1 => any::<Index>().prop_map(Harm::Ends),
    ]
}

fn harmed(part: String, harm: &Harm) -> Vec<u8> {
    let mut bytes = part.into_bytes();
    let (length, upto) = (bytes.len(), |at: usize, long: usize| (at + long).min(bytes.len()));
    match harm {
        Harm::None => {}
        Harm::Byte(at, byte) => *bytes.get_mut(at.index(length)).unwrap() = *byte,
        Harm::Lost(at, long) => {
            let at = at.index(length);
            let end = upto(at, *long);
            bytes.drain(at..end);
        }
        Harm::Twice(at, long) => {
            let at = at.index(length);
            let twice = bytes.get(at..upto(at, *long)).unwrap().to_vec();
            bytes.splice(at..at, twice);
        }
        Harm::Ends(at) => bytes.truncate(at.index(length)),
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_sheet_is_read_alike(
        rows in rows(),
        texts in prop::collection::vec(select(TEXTS.as_slice()), 0..5),
        to_sheet in harm(),
        to_texts in harm(),
    ) {
        let sheet = format!("<worksheet><cols><col/></cols><sheetData>{rows}</sheetData></worksheet>");
        let shared = format!("<sst>{}</sst>", texts.concat());
        check("bang.xlsx", &workbook(&harmed(sheet, &to_sheet), &harmed(shared, &to_texts)));
    }
}

#[test]
fn every_kind_of_cell_in_every_kind_of_row() {
    for (begin, end) in ROWS {
        for cell in CELLS {
            for other in [CELLS[0], cell] {
                let row = format!("{begin}{other}{cell}{other}{end}");
                let sheet = format!("<worksheet><sheetData>{row}{row}</sheetData></worksheet>");
                check(&row, &workbook(sheet.as_bytes(), TEXTS.concat().as_bytes()));
            }
        }
    }
}

/// Rows longer than what is unpacked at once, than what is scanned, and so many that every place in a row comes to lie where
/// one stretch of the file ends.
#[test]
fn rows_of_every_length() {
    let mut sheet = "<worksheet><sheetData>".to_owned();
    for long in (0..2_000).chain([130_000, 270_000, 1_100_000, 5, 600_000, 1_048_000]) {
        let text = "ấ".repeat(long / 3);
        write!(sheet, r#"<row><c t="str"><v>{text}</v></c><c r="C1"><v>{long}</v></c></row>"#)
            .unwrap();
    }
    for number in 3_000..40_000 {
        write!(sheet, r#"<row r="{number}" spans="1:3" ht="15" customHeight="1"/>"#).unwrap();
    }
    sheet.push_str(r#"<row r="50000"><c><v>1</v></c></row></sheetData></worksheet>"#);
    let said = check("bang.xlsx", &workbook(sheet.as_bytes(), b"<sst></sst>"));
    assert_eq!(said.lines().filter(|line| line.contains(':')).count(), 2_007);
    assert!(said.contains("\n50000: Number(1.0)"));
}

/// Nothing of a strange row is kept for the next.
#[test]
fn strange_rows_between_plain_ones() {
    let strange = CELLS[20].repeat(3);
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        format!("<row>{}</row><row>{strange}</row>", CELLS[1]).repeat(400),
    );
    let said = check("bang.xlsx", &workbook(sheet.as_bytes(), b""));
    assert_eq!(said.matches("Number(-14.25)").count(), 400);
    assert_eq!(said.matches("</row> & <c>").count(), 1_200);
}

#[test]
fn templates_and_workbooks_of_other_programs() {
    let form = SheetForm::organisations();
    check(&form.id, &template(&form, &Stamp::default(), Language::Vi).unwrap());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/sheets");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            seen += 1;
            check(&path.to_string_lossy(), &fs::read(&path).unwrap());
        }
    }
    assert!(seen > 0);
}
