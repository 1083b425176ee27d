//! The same list in three formats gives the same rows and the same findings.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::Path;

use hoptac_intake::sheet::{Ask, Book, Skipped, read};
use hoptac_model::sheet::{CellValue, SheetForm};

#[track_caller]
fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets").join(file);
    let book = Book::open(file, std::fs::read(path).unwrap()).unwrap();
    let form = SheetForm::organisations();
    let mut rows = Vec::new();
    let reading = read(&book, &form, &Ask::default(), &mut |row| rows.push(row)).unwrap();
    assert_eq!((reading.head, reading.rows, reading.faulty), ((2, 2), 3, 2));
    let skipped =
        [(3, Skipped::Numbering), (4, Skipped::Remark), (8, Skipped::Total), (9, Skipped::Remark)];
    assert_eq!(reading.skipped, skipped);
    let said: Vec<String> =
        reading.findings.iter().map(|f| format!("{} {}", f.cell(), f.rule)).collect();
    // LibreOffice took the text 10.500 for ten and a half, as a spreadsheet of another language does.
    assert_eq!(said, ["E6 cell.not-a-day", "H6 cell.not-a-number", "H7 cell.not-whole"]);
    let of = |row: usize, id: &str| {
        rows.get(row).and_then(|row| row.values.get(form.index_of(id)?).cloned().flatten())
    };
    assert_eq!(of(0, "code"), Some(CellValue::Text("0100233488".to_owned())));
    assert_eq!(of(0, "capital"), Some(CellValue::Whole(500_000_000)));
    assert_eq!(of(1, "capital"), Some(CellValue::Whole(1_500_000)));
    assert_eq!(of(2, "kind"), Some(CellValue::Text("THT".to_owned())));
    assert_eq!(of(2, "founded_on"), Some(CellValue::Day(jiff::civil::date(2024, 3, 1))));
}

#[test]
fn xlsx() {
    check("own-list.xlsx");
}
#[test]
fn xls() {
    check("own-list.xls");
}
#[test]
fn ods() {
    check("own-list.ods");
}
