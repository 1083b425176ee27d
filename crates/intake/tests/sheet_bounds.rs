//! How much memory and time hostile workbooks take, each read by a process of its own so that its peak is its alone.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod by_hand;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hoptac_intake::sheet::{Ask, Book, read};
use hoptac_model::sheet::SheetForm;
use zip::write::SimpleFileOptions;

use by_hand::{HEADS, RELATIONS, ROW, WORKBOOK};

/// Whoever reads any of these needs no more than this, all told.
const MEGABYTES_MAX: u64 = 100;
/// Nor longer than this, even unoptimised on a busy machine.
const TIME_MAX: Duration = Duration::from_mins(1);

type Part<'p> = (&'p str, &'p dyn Fn(&mut dyn std::io::Write));

/// A workbook whose parts are written as they are needed, so that making it takes no memory either.
fn workbook(parts: &[Part<'_>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain: [(&str, &str); 2] =
        [("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)];
    for (name, text) in plain {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    for (name, write) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        write(&mut zip);
    }
    zip.finish().unwrap().into_inner()
}

fn row(texts: &[&str]) -> String {
    let cell = |text: &&str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    format!("<row>{}</row>", texts.iter().map(cell).collect::<String>())
}

/// The sheet of the form with one row, and something else before its end.
fn sheet(out: &mut dyn std::io::Write, more: &dyn Fn(&mut dyn std::io::Write)) {
    write!(out, "<worksheet><sheetData>{}{}", row(&HEADS), row(&ROW)).unwrap();
    more(out);
    write!(out, "</sheetData></worksheet>").unwrap();
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The files, each with what is said of it.
fn files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let good = |out: &mut dyn std::io::Write| sheet(out, &|_| ());
    let blanks = |out: &mut dyn std::io::Write| {
        let lot = vec![b' '; 1 << 20];
        for _ in 0..70 {
            out.write_all(&lot).unwrap();
        }
    };
    let bomb = |out: &mut dyn std::io::Write| sheet(out, &blanks);
    let styles = |out: &mut dyn std::io::Write| {
        write!(out, "<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(1_000_000))
            .unwrap();
    };
    let lie = |out: &mut dyn std::io::Write| {
        write!(out, r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>"#).unwrap();
        write!(out, "{}{}</sheetData></worksheet>", row(&HEADS), row(&ROW)).unwrap();
    };
    let wide = |out: &mut dyn std::io::Write| {
        sheet(out, &|out| {
            for number in 3..2_000 {
                write!(out, r#"<row r="{number}"><c r="XFD{number}"><v>1</v></c></row>"#).unwrap();
            }
        });
    };
    let wrong = |out: &mut dyn std::io::Write| {
        sheet(out, &|out| {
            let bad = row(&["Hợp tác xã", "?", "?", "?", "?", "?", "?"]);
            for _ in 0..8_000 {
                out.write_all(bad.as_bytes()).unwrap();
            }
        });
    };
    let mut sheets = String::new();
    let mut relations = String::new();
    for number in 1..=300 {
        write!(sheets, r#"<sheet name="Trang {number}" sheetId="{number}" r:id="rId{number}"/>"#)
            .unwrap();
        write!(relations, r#"<Relationship Id="rId{number}" Target="worksheets/sheet1.xml"/>"#)
            .unwrap();
    }
    let many = {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            (
                "xl/workbook.xml",
                format!(r#"<workbook xmlns="m" xmlns:r="r"><sheets>{sheets}</sheets></workbook>"#),
            ),
            ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>")),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.start_file(SHEET, SimpleFileOptions::default()).unwrap();
        good(&mut zip);
        zip.finish().unwrap().into_inner()
    };
    vec![
        ("bomb.xlsx", workbook(&[(SHEET, &bomb)]), "book.too-large"),
        ("styles.xlsx", workbook(&[(SHEET, &good), ("xl/styles.xml", &styles)]), "1"),
        ("lie.xlsx", workbook(&[(SHEET, &lie)]), "1"),
        ("sheets.xlsx", many, "1"),
        ("wide.xlsx", workbook(&[(SHEET, &wide)]), "1"),
        ("wrong.xlsx", workbook(&[(SHEET, &wrong)]), "8001"),
    ]
}

#[test]
fn hostile_workbooks_take_bounded_memory_and_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, want) in files() {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "one_file_alone", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let clock = Instant::now();
        write!(child.stdin.take().unwrap(), "{}", path.display()).unwrap();
        let told = child.wait_with_output().unwrap();
        let took = clock.elapsed();
        let told = String::from_utf8(told.stdout).unwrap();
        let line = told.lines().find_map(|line| line.split_once("READ ")).unwrap_or_default().1;
        let (said, peak) = line.split_once(' ').unwrap_or_default();
        assert_eq!(said, want, "{name}: {told}");
        let megabytes = peak.parse::<u64>().unwrap() / 1024;
        println!("{name}: {megabytes} MB, {took:?}");
        assert!(megabytes < MEGABYTES_MAX, "{name} takes {megabytes} MB");
        assert!(took < TIME_MAX, "{name} takes {took:?}");
    }
}

/// Reads the file that its input names, and says what is found in it and how much memory that took.
#[test]
#[ignore = "the test above starts it, in a process of its own"]
fn one_file_alone() {
    let path = std::io::read_to_string(std::io::stdin()).unwrap();
    let Ok(bytes) = fs::read(&path) else { return };
    let form = SheetForm::organisations();
    let read =
        Book::open(&path, bytes).and_then(|book| read(&book, &form, &Ask::default(), &mut |_| ()));
    let said = match read {
        Ok(reading) => reading.rows.to_string(),
        Err(fault) => fault.rule.to_owned(),
    };
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\nREAD {said} {}", peak.trim().trim_end_matches(" kB"));
}
