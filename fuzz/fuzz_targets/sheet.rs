//! A spreadsheet: whole bytes, or the parts of a packed one, and the rows of a form read from it.
#![no_main]

use std::io::{Cursor, Write as _};

use hoptac_intake::sheet::{Ask, Book, Stamp, read};
use hoptac_model::sheet::SheetForm;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const WORKBOOK: &[u8] = b"<workbook xmlns:r='r'><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>";
const RELATIONS: &[u8] = b"<Relationships><Relationship Id='r1' Type='x/worksheet' Target='s'/><Relationship Id='r2' \
    Type='x/sharedStrings' Target='t'/><Relationship Id='r3' Type='x/styles' Target='y'/></Relationships>";

fn rows(bytes: Vec<u8>) {
    let Ok(book) = Book::open("fuzz.csv", bytes) else { return };
    let _ = Stamp::of(&book);
    let _ = read(&book, &SheetForm::organisations(), &Ask::default(), &mut |_| {});
}

// The readers of .xls and .ods turn a panic of their library into a refusal; the fuzzer must not end at it.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |data: &[u8]| {
    rows(data.to_vec());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let names = ["xl/s", "xl/t", "xl/y"];
    let parts = data.splitn(names.len(), |byte| *byte == 0);
    let kept = [("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)];
    for (name, part) in names.into_iter().zip(parts).chain(kept) {
        writer.start_file(name, stored).expect("a name that is new");
        writer.write_all(part).expect("memory");
    }
    rows(writer.finish().expect("memory").into_inner());
});
