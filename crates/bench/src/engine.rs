//! The scoreboard of a nation from scratch: 39 row indicators, distinct partners of contracts, distinct persons on rolls,
//! for every place and year.

use std::fs;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use cpu_time::ProcessTime;
use hoptac_engine::board::{Board, Question};
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use jiff::civil::date;
use serde_json::json;

use crate::compare::{self, memory};
use crate::definitions::{INDICATORS, pack};
use crate::nation::Nation;
use crate::peer::Peer;
use crate::table::{self, Line};
use crate::{Run, SEED, SizeName, export};

/// What we are called among the others.
pub(crate) const OURS: &str = "hoptac";

/// All of it at once: one board. The peers have no such thing; theirs is the sum of the parts.
const TOGETHER: &str = "together";

/// A part of the work.
struct Part {
    name: &'static str,
    /// Its indicators, by their place among the definitions.
    indicators: std::ops::Range<usize>,
    /// The most rounds that are worth anybody's time.
    rounds: u32,
}

const PARTS: [Part; 4] = [
    Part { name: "rows", indicators: 0..39, rounds: u32::MAX },
    Part { name: "contracts", indicators: 39..41, rounds: u32::MAX },
    Part { name: "persons", indicators: 41..42, rounds: 3 },
    Part { name: TOGETHER, indicators: 0..42, rounds: u32::MAX },
];

/// Measures everybody and prints the figures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let folder = run.folder.join(run.size.code());
    export::write(&Nation::new(run.size.size(), SEED)?, INDICATORS, &folder)?;
    let mut worker = Command::new(std::env::current_exe()?);
    worker.args(["engine-worker", "--size", run.size.code(), "--folder"]).arg(&folder);
    let mut all = vec![Peer::start(OURS, &mut worker)?];
    if let Some(python) = &run.python {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/engine.py");
        for name in ["polars", "duckdb", "postgresql"] {
            let mut command = Command::new(python);
            // The peers may use both cores; their CPU-seconds are counted whole.
            command.arg(&script).arg(name).arg(&folder).env("POLARS_MAX_THREADS", "2");
            all.push(Peer::start(name, &mut command)?);
        }
    }
    let mut lines = Vec::new();
    for part in PARTS {
        let mut took = vec![Vec::new(); all.len()];
        for round in 0..run.rounds.min(part.rounds) {
            for (peer, took) in all.iter_mut().zip(&mut took) {
                let asked = match (peer.name, part.name) {
                    // They need most of a minute and more for the persons; once is enough to see it.
                    ("duckdb" | "postgresql", "persons") => round == 0,
                    (name, TOGETHER) => name == OURS,
                    _ => true,
                };
                if asked {
                    took.push(peer.ask(part.name)?);
                }
            }
        }
        for (peer, took) in all.iter().zip(took) {
            if took.is_empty() {
                continue;
            }
            let equal = (peer.name != OURS)
                .then(|| equal_to_ours(&folder, part.name, peer.name))
                .transpose()?;
            lines.push(Line { part: part.name, who: peer.name, took, equal });
        }
    }
    table::tell("engine", run.size.code(), &lines, run.json)?;
    if lines.iter().any(|line| line.equal == Some(false)) {
        bail!("the results differ, so the figures say nothing");
    }
    Ok(())
}

/// Whether somebody's values of a part are ours, cell by cell.
fn equal_to_ours(folder: &Path, part: &str, who: &str) -> Result<bool> {
    compare::equal(
        &folder.join(format!("{OURS}-{part}.f64")),
        &folder.join(format!("{who}-{part}.f64")),
    )
}

/// The values of a board by indicator, year and unit, units by identity.
pub(crate) fn values(board: &Board, pack: &Pack, places: &Places) -> Vec<u8> {
    let units = export::units(places);
    let mut bytes = Vec::new();
    for indicator in &pack.indicators {
        for year in board.years() {
            for unit in &units {
                let cell = board.cell(&indicator.id, &unit.id, *year);
                let value = cell.and_then(|cell| cell.value).unwrap_or(f64::NAN);
                bytes.extend(value.to_le_bytes());
            }
        }
    }
    bytes
}

/// Does one part for each line of the input.
pub(crate) fn work(size: SizeName, folder: &Path) -> Result<()> {
    let nation = Nation::new(size.size(), SEED)?;
    let packs = PARTS.map(|part| (part.name, pack(&part.indicators)));
    let question = Question { as_of: date(2026, 11, 26), geography: date(2026, 11, 26) };
    // What the making of the nation took is not part of the work.
    let before = memory("VmRSS:")?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (part, pack) = packs.iter().find(|(name, _)| *name == line).context("no such part")?;
        let pack = pack.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let board = Board::compute(&nation.register, &nation.places, pack, question);
        let (cpu, wall) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
        let told =
            json!({ "cpu": cpu, "wall": wall, "peak_mb": memory("VmHWM:")?, "held_mb": before });
        fs::write(folder.join(format!("{OURS}-{part}.f64")), values(&board, pack, &nation.places))?;
        writeln!(out, "{told}")?;
        out.flush()?;
    }
    Ok(())
}
