//! A start: how long until the first board is there, from snapshots and without facts of the day, and how much memory that takes.
//!
//! Each start is a process of its own. What it shows is held against a computation from scratch, cell by cell.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use cpu_time::ProcessTime;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::kept::Kept;
use hoptac_model::packed::Packed as _;
use hoptac_model::packed::blocks;
use hoptac_model::register::Register;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::compare::{equal, memory};
use crate::definitions::pack;
use crate::engine::{OURS, values};
use crate::nation::Nation;
use crate::peer::Took;
use crate::table::{self, Line};
use crate::{Run, SEED, SizeName};

/// The day that is asked.
const TODAY: Date = date(2026, 11, 26);

/// What a start finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// Register and facts of the day.
    Snapshot,
    /// The register alone: the facts are of another day, or of another plan.
    Register,
}

impl From {
    fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Register => "register",
        }
    }
}

/// Writes snapshots, starts from them in turn and prints the figures.
pub(crate) fn run(run: &Run) -> Result<()> {
    let folder = run.folder.join(run.size.code()).join("start");
    fs::create_dir_all(&folder)?;
    let wrote = prepare(run.size, &folder)?;
    let program = std::env::current_exe()?;
    let mut took = [From::Snapshot, From::Register].map(|from| (from, Vec::new()));
    for _ in 0..run.rounds {
        for (from, took) in &mut took {
            let mut worker = Command::new(&program);
            worker.args(["start-worker", "--size", run.size.code(), "--from", from.name()]);
            let said = worker.arg("--folder").arg(&folder).output()?;
            if !said.status.success() {
                bail!("a start failed: {}", String::from_utf8_lossy(&said.stderr));
            }
            let said: Value = serde_json::from_slice(&said.stdout)?;
            let number = |name| said.get(name).and_then(Value::as_f64).context("no number");
            let (cpu, wall, peak) = (number("cpu")?, number("wall")?, number("peak_mb")?);
            took.push(Took { cpu, wall, peak, coverage: None, error: None });
        }
    }
    let mut lines = Vec::new();
    for (from, took) in took {
        let ours = folder.join(format!("{OURS}.f64"));
        let equal = Some(equal(&ours, &folder.join(format!("{}.f64", from.name())))?);
        lines.push(Line { part: "start", who: from.name(), took, equal });
    }
    table::tell("start", run.size.code(), &lines, run.json)?;
    if !run.json {
        writeln!(std::io::stdout(), "{wrote}")?;
    }
    if lines.iter().any(|line| line.equal == Some(false)) {
        bail!("the results differ, so the figures say nothing");
    }
    Ok(())
}

/// Writes what a server that computed everything leaves behind, and what its board shows.
fn prepare(size: SizeName, folder: &Path) -> Result<String> {
    let nation = Nation::new(size.size(), SEED)?;
    let (pack, question) = (pack(&(0..42))?, Question { as_of: TODAY, geography: TODAY });
    let mut kept = Kept::lay_out(&nation.register, &nation.places, &pack, question);
    kept.prepare();
    fs::write(folder.join(format!("{OURS}.f64")), values(&kept.board(), &pack, &nation.places))?;
    let began = Instant::now();
    let mut sizes = Vec::new();
    for (name, is_register) in [("register", true), ("facts", false)] {
        let mut file = File::create(folder.join(name))?;
        blocks::write(&mut file, &SEED, |out| {
            if is_register { nation.register.write(out) } else { kept.write(out) }
        })?;
        file.sync_all()?;
        sizes.push(file.metadata()?.len() / 1_000_000);
    }
    let took = began.elapsed().as_secs_f64();
    let [register, facts] = sizes.try_into().map_err(|_| anyhow!("two files were written"))?;
    Ok(format!("written in {took:.1} s: register {register} MB, facts {facts} MB"))
}

/// Starts once and tells what it took.
pub(crate) fn work(size: SizeName, from: From, folder: &Path, began: Instant) -> Result<()> {
    let (pack, question) = (pack(&(0..42))?, Question { as_of: TODAY, geography: TODAY });
    let places = Nation::places(size.size(), SEED)?;
    let open = |name: &str| File::open(folder.join(name));
    let (register, facts) = (open("register")?, open("facts")?);
    let is_ours = |seed: &u64| *seed == SEED;
    let (register, kept) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| blocks::read(register, is_ours, Register::read));
        let kept = (from == From::Snapshot).then(|| {
            blocks::read(facts, is_ours, |input| Kept::read(input, &places, &pack, question))
        });
        (reading.join(), kept)
    });
    let refused = |why| anyhow!("the snapshot is refused: {why:?}");
    let (_, register) = register.map_err(|_| anyhow!("reading failed"))?.map_err(refused)?;
    let kept = match kept {
        Some(kept) => {
            kept.map_err(refused)?.1.lie_on(&register).context("facts of another register")?
        }
        None => Kept::lay_out(&register, &places, &pack, question),
    };
    let board: Board = kept.board();
    let (cpu, wall) = (ProcessTime::now().as_duration().as_secs_f64(), began.elapsed());
    let told = json!({ "cpu": cpu, "wall": wall.as_secs_f64(), "peak_mb": memory("VmHWM:")? });
    let file: PathBuf = folder.join(format!("{}.f64", from.name()));
    fs::write(file, values(&board, &pack, &places))?;
    drop(register);
    writeln!(std::io::stdout(), "{told}")?;
    Ok(())
}
