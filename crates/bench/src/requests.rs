//! Programs ask the interface of a nation: an organisation by its identity, a filtered list with its count, the figures of a
//! province over ten years, with a token that is looked at every time. Counted is what a server answers for each second of
//! its processors, and how long the slowest of a hundred wait.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use ureq::Agent;

use crate::ledger::{self, Fill};
use crate::load::{cpu_seconds, peak_mb};
use crate::nation::Nation;
use crate::{SEED, SizeName, table};

/// How many requests at once.
const CONNECTIONS: [usize; 2] = [8, 64];

/// The indicators of the dashboard: a count and three sums.
const DASHBOARD: &str = "filed_share,members,revenue,profit";

/// How the requests are put.
#[derive(Debug, clap::Args)]
pub(crate) struct Requests {
    /// How large the nation is.
    #[arg(long, value_enum, default_value = "m")]
    size: SizeName,
    /// The program that serves.
    #[arg(long, default_value = "target/release/hoptac")]
    program: PathBuf,
    /// For how long each is measured, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Where the data folders are.
    #[arg(long, default_value = "target/bench/requests")]
    folder: PathBuf,
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    One,
    List,
    Dashboard,
}

impl Asked {
    const ALL: [Self; 3] = [Self::One, Self::List, Self::Dashboard];

    fn name(self) -> &'static str {
        match self {
            Self::One => "by id",
            Self::List => "list",
            Self::Dashboard => "dashboard",
        }
    }
}

/// What there is to ask for.
struct World {
    organisations: Vec<String>,
    districts: Vec<String>,
    provinces: Vec<String>,
}

impl World {
    fn of(nation: &Nation) -> Self {
        let of = |letter: char| {
            let units = nation.places.all().map(|unit| unit.id.0.clone());
            units.filter(|id| id.starts_with(letter)).collect()
        };
        let organisations = nation.register.organisations.iter().map(|one| one.id.to_string());
        Self { organisations: organisations.collect(), districts: of('d'), provinces: of('p') }
    }

    /// The address of a question that is drawn.
    fn address(&self, asked: Asked, chance: &mut ChaCha8Rng) -> String {
        let mut drawn = |all: &[String]| {
            all.get(chance.random_range(0..all.len().max(1))).cloned().unwrap_or_default()
        };
        match asked {
            Asked::One => format!("/api/v1/organisations/{}", drawn(&self.organisations)),
            Asked::List => format!(
                "/api/v1/organisations?q=rau+an+toan&status=operating&unit={}&limit=50&total=true",
                drawn(&self.districts)
            ),
            Asked::Dashboard => format!(
                "/api/v1/values?indicator={DASHBOARD}&unit={}&level=district&limit=1000",
                drawn(&self.provinces)
            ),
        }
    }
}

/// One line of the table.
struct Line {
    asked: Asked,
    connections: usize,
    requests: usize,
    per_cpu: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Fills, serves, asks and tells.
pub(crate) fn run(requests: &Requests) -> Result<()> {
    let folder = requests.folder.join(requests.size.code());
    ledger::run(&Fill { size: requests.size, folder: folder.clone() })?;
    let world = World::of(&Nation::new(requests.size.size(), SEED)?);
    let token = token(&requests.program, &folder)?;
    let started = Instant::now();
    let (mut server, address) = serve(&requests.program, &folder)?;
    let told = ask_all(requests, &world, &token, &address, &server, started);
    let peak = peak_mb(server.id())?;
    server.kill()?;
    server.wait()?;
    let (lines, started) = told?;
    tell(requests, &lines, (started, peak))
}

fn ask_all(
    requests: &Requests,
    world: &World,
    token: &str,
    address: &str,
    server: &Child,
    started: Instant,
) -> Result<(Vec<Line>, f64)> {
    let agent = agent();
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let ask = |path: &str| -> Result<Value> {
        let mut answer =
            agent.get(format!("{address}{path}")).header("authorization", token).call()?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    };
    ask(&world.address(Asked::Dashboard, &mut chance))?;
    let started = started.elapsed().as_secs_f64();
    let mut lines = Vec::new();
    for asked in Asked::ALL {
        // What is made once is not measured.
        for _ in 0..3 {
            ask(&world.address(asked, &mut chance))?;
        }
        for connections in CONNECTIONS {
            let cpu = cpu_seconds(server.id())?;
            let until = Instant::now() + Duration::from_secs(requests.seconds);
            let mut took = asked_until(world, asked, (address, token), connections, until)?;
            let cpu = cpu_seconds(server.id())? - cpu;
            took.sort_unstable_by(f64::total_cmp);
            let at = |part: usize| {
                took.get((took.len().saturating_sub(1)) * part / 100).copied().unwrap_or(f64::NAN)
            };
            #[expect(clippy::cast_precision_loss, reason = "far fewer than a float tells apart")]
            let per_cpu = took.len() as f64 / cpu;
            let (p50_ms, p99_ms) = (at(50) * 1e3, at(99) * 1e3);
            lines.push(Line { asked, connections, requests: took.len(), per_cpu, p50_ms, p99_ms });
        }
    }
    Ok((lines, started))
}

/// How long each request took that was asked over some connections until a moment, in seconds.
fn asked_until(
    world: &World,
    asked: Asked,
    (address, token): (&str, &str),
    connections: usize,
    until: Instant,
) -> Result<Vec<f64>> {
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..connections)
            .map(|number| {
                scope.spawn(move || -> Result<Vec<f64>> {
                    let agent = agent();
                    let number = u64::try_from(number)?;
                    let mut chance = ChaCha8Rng::seed_from_u64(SEED + number);
                    let mut took = Vec::new();
                    while Instant::now() < until {
                        let path = format!("{address}{}", world.address(asked, &mut chance));
                        let began = Instant::now();
                        let mut answer = agent.get(&path).header("authorization", token).call()?;
                        answer.body_mut().read_to_vec()?;
                        took.push(began.elapsed().as_secs_f64());
                    }
                    Ok(took)
                })
            })
            .collect();
        let mut took = Vec::new();
        for one in all {
            took.extend(one.join().map_err(|_| anyhow!("somebody panicked"))??);
        }
        Ok(took)
    })
}

fn agent() -> Agent {
    let config = Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_mins(5)));
    config.build().new_agent()
}

/// A token of the account that may do everything.
fn token(program: &Path, folder: &Path) -> Result<String> {
    let told = Command::new(program)
        .args(["token", "create", "--account", ledger::ACCOUNT, "--label", "bench", "--dir"])
        .arg(folder)
        .output()?;
    let text = String::from_utf8(told.stdout)?;
    let token = text.split_whitespace().find(|word| word.starts_with("hoptac_"));
    let token = token.with_context(|| {
        format!("no token was made: {text}{}", String::from_utf8_lossy(&told.stderr))
    })?;
    Ok(format!("Bearer {token}"))
}

fn serve(program: &Path, folder: &Path) -> Result<(Child, String)> {
    let mut server = Command::new(program)
        .args(["serve", "--port", "0", "--requests-per-minute", "4000000000", "--dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = server.stdout.take().context("the server says nothing")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next() {
        let line = line?;
        if let Some((_, address)) = line.split_once("http://") {
            let host = address.split_whitespace().next().unwrap_or("").to_owned();
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, format!("http://{host}")));
        }
    }
    bail!("the server did not start")
}

fn tell(requests: &Requests, lines: &[Line], (started, peak): (f64, f64)) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if requests.json {
        let results: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({
                    "asked": line.asked.name(), "connections": line.connections, "requests": line.requests,
                    "requests_per_cpu_s": line.per_cpu, "p50_ms": line.p50_ms, "p99_ms": line.p99_ms,
                })
            })
            .collect();
        let told = json!({
            "bench": "requests", "size": requests.size.code(), "start_s": started, "peak_mb": peak,
            "load": table::load(), "results": results,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(());
    }
    writeln!(
        out,
        "requests, size {}, load average {:.1}; first answer after {started:.1} s; {peak:.0} MB",
        requests.size.code(),
        table::load()
    )?;
    writeln!(
        out,
        "{:<10} {:>11} {:>9} {:>10} {:>9} {:>9}",
        "asked", "connections", "requests", "per CPU-s", "p50 ms", "p99 ms"
    )?;
    for line in lines {
        writeln!(
            out,
            "{:<10} {:>11} {:>9} {:>10.0} {:>9.2} {:>9.2}",
            line.asked.name(),
            line.connections,
            line.requests,
            line.per_cpu,
            line.p50_ms,
            line.p99_ms
        )?;
    }
    Ok(())
}
