//! A workbook of a hundred thousand rows and thirty columns: read, typed and judged cell by cell, beside the quickest reader
//! that Python has, which only reads it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use cpu_time::ProcessTime;
use hoptac_intake::sheet::{Ask, Book, read};
use hoptac_model::sheet::{CellKind, CellValue, SheetColumn, SheetForm};
use hoptac_model::text::Words;
use jiff::civil::date;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;

use crate::compare::{self, memory};
use crate::peer::Peer;
use crate::table::{self, Line};
use crate::{Run, SEED, SizeName, engine};

/// Columns of money and of counts behind the five that say whose a row is.
const MONEY: usize = 12;
const COUNTS: usize = 13;

/// Of a thousand rows so many have a word where a number belongs.
const FAULTY: u32 = 10;

/// Measures both and prints the figures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let rows = match run.size {
        SizeName::S => 2_000,
        SizeName::M => 100_000,
    };
    let folder = run.folder.join(format!("sheet-{}", run.size.code()));
    write(rows, &folder)?;
    let mut worker = Command::new(std::env::current_exe()?);
    worker.args(["import-worker", "--folder"]).arg(&folder);
    let mut all = vec![Peer::start(engine::OURS, &mut worker)?];
    if let Some(python) = &run.python {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/import.py");
        let mut command = Command::new(python);
        command.arg(&script).arg(&folder);
        all.push(Peer::start("calamine", &mut command)?);
    }
    let mut took = vec![Vec::new(); all.len()];
    for _ in 0..run.rounds {
        for (peer, took) in all.iter_mut().zip(&mut took) {
            took.push(peer.ask("read")?);
        }
    }
    for peer in &mut all {
        peer.ask("values")?;
    }
    let mut lines = Vec::new();
    for (peer, took) in all.iter().zip(took) {
        let equal = match peer.name {
            engine::OURS => None,
            name => Some(compare::equal(
                &folder.join("hoptac.f64"),
                &folder.join(format!("{name}.f64")),
            )?),
        };
        lines.push(Line { part: "read", who: peer.name, took, equal });
    }
    table::tell("import", run.size.code(), &lines, run.json)?;
    if lines.iter().any(|line| line.equal == Some(false)) {
        bail!("the values differ, so the figures say nothing");
    }
    Ok(())
}

/// Reads the workbook for each line of the input.
pub(crate) fn work(folder: &Path) -> Result<()> {
    let form = form();
    let path = folder.join("rows.xlsx");
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let part = line?;
        let mut values = match part.as_str() {
            "read" => None,
            "values" => Some(BufWriter::new(File::create(folder.join("hoptac.f64"))?)),
            other => bail!("no such part: {other}"),
        };
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let told = |fault: hoptac_intake::sheet::BookFault| anyhow::anyhow!(fault.problem.en);
        let book = Book::open("rows.xlsx", fs::read(&path)?).map_err(told)?;
        let mut written = Ok(());
        let reading = read(&book, &form, &Ask::default(), &mut |row| {
            if let Some(values) = &mut values {
                for value in &row.values {
                    let bytes = as_number(value.as_ref()).to_le_bytes();
                    written = std::mem::replace(&mut written, Ok(())).and(values.write_all(&bytes));
                }
            }
        });
        let reading = reading.map_err(told)?;
        written?;
        if let Some(values) = &mut values {
            values.flush()?;
        }
        let told = json!({
            "cpu": cpu.elapsed().as_secs_f64(), "wall": wall.elapsed().as_secs_f64(),
            "peak_mb": memory("VmHWM:")?, "rows": reading.rows, "faulty": reading.faulty,
        });
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}

/// A cell as everybody writes it down: a number, the hash of a text, nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "the amounts are far below what a float counts exactly"
)]
fn as_number(value: Option<&CellValue>) -> f64 {
    match value {
        None => f64::NAN,
        Some(CellValue::Whole(whole)) => *whole as f64,
        Some(CellValue::Decimal(number)) => *number,
        Some(CellValue::Day(day)) => {
            day.since(date(1970, 1, 1)).map_or(f64::NAN, |span| f64::from(span.get_days()))
        }
        // FNV-1a of 32 bits.
        Some(CellValue::Text(text)) => {
            f64::from(text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            }))
        }
    }
}

/// Thirty columns of every kind.
fn form() -> SheetForm {
    let mut kinds = vec![
        ("code".to_owned(), CellKind::Code),
        ("name".to_owned(), CellKind::Text(250)),
        ("founded_on".to_owned(), CellKind::Day),
        ("year".to_owned(), CellKind::Year),
        ("keeps_books".to_owned(), CellKind::Flag),
    ];
    kinds.extend((1..=MONEY).map(|number| (format!("amount_{number}"), CellKind::Money)));
    kinds.extend((1..=COUNTS).map(|number| (format!("count_{number}"), CellKind::Count)));
    let columns = kinds.into_iter().map(|(id, kind)| SheetColumn {
        head: Words::new(&id, &id),
        aliases: Vec::new(),
        help: Words::default(),
        kind,
        required: false,
        example: String::new(),
        id,
    });
    SheetForm {
        id: "bench".to_owned(),
        version: 1,
        title: Words::default(),
        note: Words::default(),
        yearly: false,
        columns: columns.collect(),
    }
}

/// Writes the workbook, and of which kind its columns are.
fn write(rows: u32, folder: &Path) -> Result<()> {
    let path = folder.join("rows.xlsx");
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let form = form();
    let kinds = form.columns.iter().map(|column| match column.kind {
        CellKind::Code | CellKind::Text(_) | CellKind::Choice(_) => "text",
        CellKind::Day => "day",
        CellKind::Flag => "flag",
        CellKind::Count
        | CellKind::Tenths
        | CellKind::Decimal
        | CellKind::Money
        | CellKind::Year => "number",
    });
    fs::write(folder.join("kinds.txt"), kinds.collect::<Vec<_>>().join(" "))?;
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (at, column) in (0..).zip(&form.columns) {
        sheet.write_string(0, at, &column.id)?;
    }
    let products = ["Rau an toàn", "Na Chi Lăng", "Chè", "Nông nghiệp tổng hợp", "Vận tải"];
    for row in 1..=rows {
        let faulty = random.random_range(0..1000) < FAULTY;
        let wrong = random.random_range(5..form.columns.len());
        for (at, (index, column)) in (0..).zip(form.columns.iter().enumerate()) {
            if faulty && index == wrong {
                sheet.write_string(row, at, "chưa có")?;
                continue;
            }
            match column.kind {
                CellKind::Code => {
                    sheet.write_string(row, at, format!("49{row:08}"))?;
                }
                CellKind::Text(_) | CellKind::Choice(_) => {
                    let product = products.get(random.random_range(0..products.len()));
                    let name = format!("Hợp tác xã {} {row}", product.context("no product")?);
                    sheet.write_string(row, at, name)?;
                }
                CellKind::Day => {
                    let of = (random.random_range(1..=12), random.random_range(1..=28));
                    let on = ExcelDateTime::from_ymd(random.random_range(1997..2025), of.0, of.1)?;
                    sheet.write_datetime_with_format(row, at, on, &day)?;
                }
                CellKind::Flag => {
                    let word = if random.random_bool(0.5) { "có" } else { "không" };
                    sheet.write_string(row, at, word)?;
                }
                CellKind::Year => {
                    sheet.write_number(row, at, 2024.0)?;
                }
                CellKind::Money => {
                    let thousands: u32 = random.random_range(0..900_000_000);
                    sheet.write_number(row, at, f64::from(thousands) * 1000.0)?;
                }
                CellKind::Count | CellKind::Tenths | CellKind::Decimal => {
                    sheet.write_number(row, at, f64::from(random.random_range(0..900_u32)))?;
                }
            }
        }
    }
    book.save(&path)?;
    Ok(())
}
