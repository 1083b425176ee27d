//! Forecasts with 80 and 95 % intervals for every series of a nation: each indicator in each place over ten years.

use std::fs;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use cpu_time::ProcessTime;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::forecast::series;
use jiff::civil::date;
use serde_json::json;

use crate::compare::{self, memory, numbers};
use crate::definitions::pack as pack_of;
use crate::nation::{Nation, YEARS};
use crate::peer::Peer;
use crate::table::{self, Line};
use crate::{Run, SEED, engine};

/// How many values a series has, how many years are forecast, how many are held back to see how it does.
const LENGTH: usize = 10;
const AHEAD: usize = 5;
const HELD_BACK: usize = 3;

/// How many of the series the peers get: they would need minutes for all.
const SAMPLE: usize = 4_000;

/// Measures everybody and prints the figures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let folder = run.folder.join(format!("series-{}", run.size.code()));
    write(&Nation::new(run.size.size(), SEED)?, &folder)?;
    let mut worker = Command::new(std::env::current_exe()?);
    worker.args(["forecast-worker", "--folder"]).arg(&folder);
    let mut all = vec![Peer::start(engine::OURS, &mut worker)?];
    if let Some(python) = &run.python {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/forecast.py");
        for name in ["rwdrift", "autoets"] {
            let mut command = Command::new(python);
            command.arg(&script).arg(name).arg(&folder).env("NIXTLA_ID_AS_COL", "1");
            all.push(Peer::start(name, &mut command)?);
        }
    }
    let mut lines = Vec::new();
    for part in ["sample", "held-back", "nation"] {
        let mut took = vec![Vec::new(); all.len()];
        for round in 0..run.rounds {
            for (peer, took) in all.iter_mut().zip(&mut took) {
                let ours = peer.name == engine::OURS;
                // What is held back shows how good a forecast is, not how quick.
                if (part != "held-back" || round == 0) && (part != "nation" || ours) {
                    took.push(peer.ask(part)?);
                }
            }
        }
        for (peer, took) in all.iter().zip(took).filter(|(_, took)| !took.is_empty()) {
            // The drift is the same for everybody; the other methods are not.
            let equal = match (peer.name, part) {
                ("rwdrift", "sample") => Some(compare::equal(
                    &folder.join("hoptac-drift.f64"),
                    &folder.join("rwdrift-drift.f64"),
                )?),
                _ => None,
            };
            lines.push(Line { part, who: peer.name, took, equal });
        }
    }
    table::tell("forecast", run.size.code(), &lines, run.json)?;
    if lines.iter().any(|line| line.equal == Some(false)) {
        bail!("the drifts differ, so the figures say nothing");
    }
    Ok(())
}

/// Writes every series without a gap, one behind the other.
fn write(nation: &Nation, folder: &Path) -> Result<()> {
    let path = folder.join("series.f64");
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let pack = pack_of(&(0..39))?;
    let question = Question { as_of: date(2026, 11, 26), geography: date(2026, 11, 26) };
    let board = Board::compute(&nation.register, &nation.places, &pack, question);
    let mut bytes = Vec::new();
    for indicator in &pack.indicators {
        for unit in board.unit_ids() {
            let value = |year| board.cell(&indicator.id, unit, year).and_then(|cell| cell.value);
            let values: Option<Vec<f64>> = (YEARS.0..=YEARS.1).map(value).collect();
            // Losses are no quantity that these forecasts are of.
            for value in values.filter(|all| all.iter().all(|v| *v >= 0.0)).into_iter().flatten() {
                bytes.extend(value.to_le_bytes());
            }
        }
    }
    Ok(fs::write(path, bytes)?)
}

/// A sample that has series of every kind, as the peers take it too: every so many-th.
fn sampled<T: Copy>(all: &[T]) -> Vec<T> {
    let step = (all.len() / SAMPLE).max(1);
    all.iter().copied().step_by(step).take(SAMPLE).collect()
}

/// Does one part for each line of the input.
pub(crate) fn work(folder: &Path) -> Result<()> {
    let values = numbers(&folder.join("series.f64"))?;
    let all: Vec<&[f64]> = values.chunks_exact(LENGTH).collect();
    let sample = sampled(&all);
    let mut drifts = Vec::new();
    for one in &sample {
        for value in series::drift(one, AHEAD).context("a series that is too short")? {
            drifts.extend(value.to_le_bytes());
        }
    }
    fs::write(folder.join("hoptac-drift.f64"), drifts)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let (mut held, mut off, mut steps, mut sum) = (0.0, 0.0, 0.0, 0.0);
        match line?.as_str() {
            "held-back" => {
                for one in &sample {
                    let (known, later) = one.split_at(LENGTH - HELD_BACK);
                    let fan = series::forecast(known, YEARS.0, HELD_BACK);
                    for (expected, value) in fan.iter().zip(later) {
                        let band = expected.interval_80;
                        held += f64::from(u8::from(band.low <= *value && *value <= band.high));
                        // Counts and đồng alike, as a part of the mean of both; of two zeros nothing.
                        let mean = f64::midpoint(expected.median.abs(), value.abs());
                        off += (expected.median - value).abs() / mean.max(f64::MIN_POSITIVE);
                        steps += 1.0;
                    }
                }
            }
            "sample" => sum = fans(&sample),
            "nation" => sum = fans(&all),
            other => bail!("no such part: {other}"),
        }
        let mut told = json!({
            "cpu": cpu.elapsed().as_secs_f64(), "wall": wall.elapsed().as_secs_f64(),
            "peak_mb": memory("VmHWM:")?, "sum": sum,
        });
        if steps > 0.0
            && let Some(told) = told.as_object_mut()
        {
            told.insert("coverage_80".to_owned(), json!(held / steps));
            told.insert("error".to_owned(), json!(off / steps));
        }
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}

/// Forecasts some series and sums up their ends, so that nothing is left out.
fn fans(all: &[&[f64]]) -> f64 {
    let ends = all.iter().flat_map(|one| series::forecast(one, YEARS.0, AHEAD));
    ends.map(|one| one.interval_80.high + one.interval_95.low).sum()
}
