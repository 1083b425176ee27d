//! Figures of SQL held against those of the engine, cell by cell.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result};
use arrow::array::{Array as _, Float64Array, Int32Array};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::export::BOARD;
use crate::manifest::Manifest;
use crate::run::{Cell, Figures, Plan, column};
use crate::statement::Part;

/// How far sums of broken numbers may lie apart, as a part of their size: their last digits depend on the order in which they were added.
/// Everything else must be equal.
const REAL: f64 = 1e-12;

/// How many cells that differ are told.
const TOLD: usize = 20;

/// What comparing found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Comparison {
    /// Cells in which numerator, denominator and value are equal.
    pub(crate) equal: usize,
    /// Of those, the ones in which sums of broken numbers differ in their last digits.
    pub(crate) nearly: usize,
    /// Of those, the ones that have a value.
    pub(crate) valued: usize,
    /// How many cells differ.
    pub(crate) apart: usize,
    /// Sentences about the first that do.
    pub(crate) told: Vec<String>,
    /// Indicators that SQL could not say, each with why.
    pub(crate) unsaid: Vec<String>,
}

impl Comparison {
    /// Whether every cell of every indicator was computed and is equal.
    pub(crate) fn holds(&self) -> bool {
        self.apart == 0 && self.unsaid.is_empty() && self.equal > 0
    }
}

/// The engine's own figures in a folder.
pub(crate) fn board(folder: &Path, manifest: &Manifest) -> Result<Figures> {
    let mut figures = Figures::new(manifest);
    let file = File::open(folder.join(BOARD)).context("opening the engine's figures")?;
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let batch = batch?;
        let numbers = ["indicator", "unit", "year"].map(|name| column::<Int32Array>(&batch, name));
        let [indicators, units, years] = numbers;
        let (indicators, units, years) = (indicators?, units?, years?);
        let values =
            ["numerator", "denominator", "value"].map(|name| column::<Float64Array>(&batch, name));
        let [above, below, value] = values;
        let values = [above?, below?, value?];
        for row in 0..batch.num_rows() {
            let year = i16::try_from(years.value(row))?;
            let year = manifest.years.iter().position(|note| note.year == year);
            let cell = values.map(|of| if of.is_null(row) { f64::NAN } else { of.value(row) });
            figures.set(
                usize::try_from(indicators.value(row))?,
                year.context("a year that is not of this folder")?,
                usize::try_from(units.value(row))?,
                cell,
            )?;
        }
    }
    Ok(figures)
}

/// Holds the figures of some parts against the engine's. An indicator that SQL cannot say is told whatever parts are asked.
pub(crate) fn compare(
    manifest: &Manifest,
    plan: &Plan,
    parts: &[Part],
    engine: &Figures,
    found: &Figures,
) -> Comparison {
    let mut comparison = Comparison::default();
    for (at, definition) in manifest.indicators.iter().enumerate() {
        let asked = match plan.asked.get(at) {
            Some(Ok(asked)) if !parts.contains(&asked.part()) => continue,
            Some(Ok(asked)) => asked,
            Some(Err(why)) => {
                comparison.unsaid.push(format!("{}: {why}", definition.id));
                continue;
            }
            None => continue,
        };
        if !found.has(at) {
            comparison.unsaid.push(format!("{}: it was not computed", definition.id));
            continue;
        }
        for (year, year_note) in manifest.years.iter().enumerate() {
            for (unit, unit_note) in manifest.units.iter().enumerate() {
                let (ours, theirs) = (engine.cell(at, year, unit), found.cell(at, year, unit));
                match agreement(ours, theirs, asked.real) {
                    Agreement::Apart => {
                        comparison.apart += 1;
                        if comparison.told.len() < TOLD {
                            comparison.told.push(format!(
                                "{} for {} ({}) in {}: the engine has {}, SQL has {}",
                                definition.id,
                                unit_note.name,
                                unit_note.id,
                                year_note.year,
                                show(ours),
                                show(theirs)
                            ));
                        }
                    }
                    same @ (Agreement::Equal | Agreement::Near) => {
                        comparison.equal += 1;
                        comparison.nearly += usize::from(same == Agreement::Near);
                        let [_, _, value] = ours;
                        comparison.valued += usize::from(!value.is_nan());
                    }
                }
            }
        }
    }
    comparison
}

/// How far two cells agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreement {
    Equal,
    Near,
    Apart,
}

fn agreement(ours: Cell, theirs: Cell, real: bool) -> Agreement {
    let mut all = Agreement::Equal;
    for (a, b) in ours.into_iter().zip(theirs) {
        // Two numbers that are meant to be the same number are compared exactly.
        #[expect(clippy::float_cmp, reason = "see above")]
        let equal = a == b || (a.is_nan() && b.is_nan());
        let near = real && (a - b).abs() <= REAL * a.abs().max(b.abs());
        match (equal, near) {
            (true, _) => {}
            (false, true) => all = Agreement::Near,
            (false, false) => return Agreement::Apart,
        }
    }
    all
}

/// A cell in words: the value, and what it is the quotient of.
fn show([above, below, value]: Cell) -> String {
    let number = |number: f64| {
        if number.is_nan() { "nothing".to_owned() } else { number.to_string() }
    };
    if above.is_nan() && below.is_nan() {
        number(value)
    } else {
        format!("{} ({} / {})", number(value), number(above), number(below))
    }
}
