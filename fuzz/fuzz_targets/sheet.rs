//! A spreadsheet: whole bytes, or the parts of a packed one, and the rows of a form read from it. What the scanner of plain
//! rows makes of it is what the general reader makes of it.
#![no_main]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use hoptac_intake::sheet::{Ask, Book, BookFault, Stamp, read};
use hoptac_model::sheet::SheetForm;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const WORKBOOK: &[u8] = b"<workbook xmlns:r='r'><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>";
const RELATIONS: &[u8] = b"<Relationships><Relationship Id='r1' Type='x/worksheet' Target='s'/><Relationship Id='r2' \
    Type='x/sharedStrings' Target='t'/><Relationship Id='r3' Type='x/styles' Target='y'/></Relationships>";

/// All cells of all sheets, and what ended the reading.
fn told(book: &Result<Book, BookFault>) -> String {
    let book = match book {
        Ok(book) => book,
        Err(fault) => return fault.rule.to_owned(),
    };
    let mut told = String::new();
    for sheet in 0..book.sheets().len() {
        let ended = book.rows(sheet, &mut |row| {
            let _ = writeln!(told, "{row:?}");
            ControlFlow::Continue(())
        });
        let _ = writeln!(told, "{:?}", ended.map_err(|fault| fault.rule));
    }
    told
}

fn rows(bytes: Vec<u8>) {
    let general = bytes.starts_with(b"PK").then(|| told(&Book::open_unscanned("fuzz.csv", bytes.clone())));
    let book = Book::open("fuzz.csv", bytes);
    if let Some(general) = general {
        let scanned = told(&book);
        if scanned != general {
            eprintln!("scanned:\n{scanned}\ngeneral:\n{general}");
            std::process::abort();
        }
    }
    let Ok(book) = book else { return };
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
