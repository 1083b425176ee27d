//! Filings while programs ask: first one after the other with nobody beside, then many readers, filings and an import at once.
//! In the end the ledger has to hold every filing that was said to be accepted, and no other.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::{Asked, Drawn, Requests, Server, TODAY, World, agent, at_part};
use crate::SEED;

/// Rows of the spreadsheet that is imported.
const ROWS: usize = 500;

/// How long somebody who files rests between two filings while others read.
const REST: Duration = Duration::from_millis(100);

/// What filings took, and what went on beside.
pub(super) struct Meanwhile {
    /// How many readers there were.
    pub(super) readers: usize,
    pub(super) filings: usize,
    pub(super) filing_p50_ms: f64,
    pub(super) filing_p99_ms: f64,
    /// Answers to readers.
    pub(super) reads: usize,
    pub(super) read_p99_ms: f64,
    /// Answers to readers for each CPU-second of everything that the server did.
    pub(super) reads_per_cpu: f64,
    /// Rows that were imported, and for how long that took.
    pub(super) imported: usize,
    pub(super) import_s: f64,
}

/// Filings one after the other.
pub(super) fn alone(requests: &Requests, world: &World, server: &Server) -> Result<Meanwhile> {
    let position = server.position()?;
    let until = Instant::now() + Duration::from_secs(requests.seconds);
    let mut took = Vec::new();
    let mut filer = Filer::new(world, server, 0);
    while Instant::now() < until {
        took.push(filer.file()?);
    }
    server.is_at(position + u64::try_from(took.len())?)?;
    Ok(Meanwhile::of(took, 0, Vec::new(), 0.0, (0, 0.0)))
}

/// Readers of all kinds, somebody who files, and an import by another process.
pub(super) fn mixed(
    requests: &Requests,
    world: &World,
    server: &Server,
    readers: usize,
) -> Result<Meanwhile> {
    let position = server.position()?;
    let cpu = server.cpu()?;
    let stop = AtomicBool::new(false);
    let (took, reads, import_s) = std::thread::scope(|scope| {
        let reading: Vec<_> = (0..readers)
            .map(|number| {
                let stop = &stop;
                scope.spawn(move || read(world, server, number, stop))
            })
            .collect();
        let filing = scope.spawn(|| -> Result<Vec<f64>> {
            let mut took = Vec::new();
            let mut filer = Filer::new(world, server, readers);
            while !stop.load(Ordering::Relaxed) {
                took.push(filer.file()?);
                std::thread::sleep(REST);
            }
            Ok(took)
        });
        let begun = Instant::now();
        let imported = import(requests, world, position);
        let import_s = begun.elapsed().as_secs_f64();
        // Readers go on for as long as they are measured anyway.
        let rest = Duration::from_secs(requests.seconds).saturating_sub(begun.elapsed());
        std::thread::sleep(rest);
        stop.store(true, Ordering::Relaxed);
        let panicked = || anyhow!("somebody panicked");
        let mut reads = Vec::new();
        for one in reading {
            reads.extend(one.join().map_err(|_| panicked())??);
        }
        let took = filing.join().map_err(|_| panicked())??;
        imported?;
        anyhow::Ok((took, reads, import_s))
    })?;
    let cpu = server.cpu()? - cpu;
    // One for each row, and the one that closes the import.
    server.is_at(position + u64::try_from(took.len() + ROWS + 1)?)?;
    Ok(Meanwhile::of(took, readers, reads, cpu, (ROWS, import_s)))
}

impl Meanwhile {
    fn of(
        mut took: Vec<f64>,
        readers: usize,
        mut reads: Vec<f64>,
        cpu: f64,
        (imported, import_s): (usize, f64),
    ) -> Self {
        took.sort_unstable_by(f64::total_cmp);
        reads.sort_unstable_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "far fewer than a float tells apart")]
        let reads_per_cpu = reads.len() as f64 / cpu;
        Self {
            readers,
            filings: took.len(),
            filing_p50_ms: at_part(&took, 50) * 1e3,
            filing_p99_ms: at_part(&took, 99) * 1e3,
            reads: reads.len(),
            read_p99_ms: at_part(&reads, 99) * 1e3,
            reads_per_cpu,
            imported,
            import_s,
        }
    }

    /// The same for machines.
    pub(super) fn json(&self) -> Value {
        json!({
            "readers": self.readers, "filings": self.filings, "filing_p50_ms": self.filing_p50_ms,
            "filing_p99_ms": self.filing_p99_ms, "reads": self.reads, "read_p99_ms": self.read_p99_ms,
            "reads_per_cpu_s": self.reads_per_cpu, "imported_rows": self.imported, "import_s": self.import_s,
        })
    }
}

/// Asks whatever comes to mind until it is told to stop; how long each answer took.
fn read(world: &World, server: &Server, number: usize, stop: &AtomicBool) -> Result<Vec<f64>> {
    let agent = agent();
    let mut chance = ChaCha8Rng::seed_from_u64(SEED + 1000 + u64::try_from(number)?);
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let asked = Asked::ALL.get(chance.random_range(0..Asked::ALL.len()));
        // Of the day it is, as programs ask: filings are shown on it.
        let drawn = world.draw(asked.copied().unwrap_or(Asked::One), &mut chance);
        let drawn = Drawn { on: None, ..drawn };
        let begun = Instant::now();
        server.ask(&agent, &drawn)?;
        took.push(begun.elapsed().as_secs_f64());
    }
    Ok(took)
}

/// Somebody who files other numbers of members.
struct Filer<'w> {
    world: &'w World,
    server: &'w Server,
    agent: ureq::Agent,
    chance: ChaCha8Rng,
}

impl<'w> Filer<'w> {
    fn new(world: &'w World, server: &'w Server, number: usize) -> Self {
        let seed = SEED + 2000 + u64::try_from(number).unwrap_or(0);
        Self { world, server, agent: agent(), chance: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Files once and waits until it is on the disk and shown; how long that took.
    fn file(&mut self) -> Result<f64> {
        let all = &self.world.operating;
        let who = all.get(self.chance.random_range(0..all.len().max(1))).context("nobody there")?;
        let filing = json!({
            "kind": "organisation.change", "effective_on": TODAY.to_string(),
            "subject": format!("organisation/{who}"),
            "body": { "members": self.chance.random_range(8..90) },
        });
        let address = format!("{}/api/v1/filings", self.server.root);
        let mut asked = self.agent.post(&address).header("content-type", "application/json");
        if let Some(token) = &self.server.token {
            asked = asked.header("authorization", token);
        }
        let begun = Instant::now();
        let answer = asked.send(filing.to_string());
        let took = begun.elapsed().as_secs_f64();
        let status = answer.with_context(|| format!("filing about {who}"))?.status();
        if status != 201 {
            bail!("a filing about {who} was answered with {status}");
        }
        Ok(took)
    }
}

/// Imports a list of new groups by the command line, into the ledger that is being served. The position it has come to makes the
/// list another one each time, since the same file is not taken over twice.
fn import(requests: &Requests, world: &World, number: u64) -> Result<()> {
    let mut text =
        "Loại hình,Tên,Địa bàn,Ngày thành lập,Ngành chính,Số thành viên,Vùng khó khăn\n".to_owned();
    for row in 0..ROWS {
        let commune = world.communes.get(row * 7 % world.communes.len().max(1));
        let commune = commune.context("no commune")?;
        writeln!(
            text,
            "THT,Tổ hợp tác Đợt {number} hàng {row},{commune},01/03/2026,A,{},",
            row + 3
        )?;
    }
    let folder: PathBuf = requests.data();
    let list = folder.join("import.csv");
    std::fs::write(&list, text)?;
    let told = Command::new(&requests.program)
        .arg("import")
        .arg(&list)
        .args([
            "--form",
            "organisations",
            "--accept",
            "all",
            "--effective-on",
            "2026-03-01",
            "--dir",
        ])
        .arg(&folder)
        .output()?;
    if !told.status.success() {
        let said = [told.stdout, told.stderr].concat();
        bail!("the import failed: {}", String::from_utf8_lossy(&said));
    }
    Ok(())
}

impl Server {
    /// The ledger position of the state that is shown.
    fn position(&self) -> Result<u64> {
        let mut asked = agent().get(format!("{}/api/v1/plan", self.root));
        if let Some(token) = &self.token {
            asked = asked.header("authorization", token);
        }
        let told: Value = serde_json::from_slice(&asked.call()?.body_mut().read_to_vec()?)?;
        told.get("ledger_position").and_then(Value::as_u64).context("no ledger position")
    }

    /// Waits until the state of a position is shown, and fails where another one is.
    fn is_at(&self, wanted: u64) -> Result<()> {
        for _ in 0..600 {
            let position = self.position()?;
            if position == wanted {
                return Ok(());
            }
            if position > wanted {
                bail!("{position} filings where {wanted} were accepted");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("{wanted} filings were accepted, and fewer are shown after a minute")
    }
}
