//! Programs ask the interface of a nation: an organisation by its identity, a filtered list with its count, the figures of a
//! province over ten years, with a token that is looked at every time. Counted is what a server answers for each second of
//! its processors, and how long the slowest of a hundred wait.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use hoptac_model::organisation::Status;
use hoptac_model::text::fold;
use jiff::civil::{Date, date};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use ureq::Agent;

use crate::ledger::{self, Fill};
use crate::load::{cpu_seconds, peak_mb, started};
use crate::nation::Nation;
use crate::{SEED, SizeName, table};

mod meanwhile;

use meanwhile::Meanwhile;

/// How many requests at once.
const CONNECTIONS: [usize; 2] = [8, 64];

/// The indicators of the dashboard: a count and three sums.
const DASHBOARD: &str = "filed_share,members,revenue,profit";

/// The day that lists and figures are asked of, whenever they are asked.
const TODAY: Date = date(2026, 11, 26);

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
    /// The Python that has the peers; without it only our own figures are taken.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Requests {
    /// The data folder of this size.
    fn data(&self) -> PathBuf {
        self.folder.join(self.size.code())
    }
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

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Ours,
    PocketBase,
    Django,
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "hoptac",
            Self::PocketBase => "PocketBase",
            Self::Django => "Django REST",
        }
    }
}

/// What there is to ask for.
struct World {
    organisations: Vec<String>,
    districts: Vec<String>,
    provinces: Vec<String>,
    communes: Vec<String>,
    /// Those that operate on the day.
    operating: Vec<String>,
}

/// A question that was drawn: what is asked, and of which organisation, district or province.
struct Drawn<'w> {
    asked: Asked,
    of: &'w str,
    /// The day whose state is asked; none for the day it is.
    on: Option<Date>,
}

impl World {
    fn of(nation: &Nation) -> Self {
        let of = |letter: char| {
            let units = nation.places.all().map(|unit| unit.id.to_string());
            units.filter(|id| id.starts_with(letter)).collect()
        };
        let organisations = nation.register.organisations.iter().map(|one| one.id.to_string());
        let operating = ledger::on(nation, TODAY)
            .filter(|(_, state, _)| state.status == Status::Operating)
            .map(|(organisation, ..)| organisation.id.to_string());
        Self {
            organisations: organisations.collect(),
            districts: of('d'),
            provinces: of('p'),
            communes: of('c'),
            operating: operating.collect(),
        }
    }

    fn draw(&self, asked: Asked, chance: &mut ChaCha8Rng) -> Drawn<'_> {
        let all = match asked {
            Asked::One => &self.organisations,
            Asked::List => &self.districts,
            Asked::Dashboard => &self.provinces,
        };
        let of = all.get(chance.random_range(0..all.len().max(1))).map_or("", String::as_str);
        Drawn { asked, of, on: Some(TODAY) }
    }
}

impl Drawn<'_> {
    /// The address by which somebody is asked this.
    fn path(&self, who: Who) -> String {
        let of = self.of;
        let on = self.on.map_or_else(String::new, |day| format!("&as_of={day}"));
        match (who, self.asked) {
            (Who::Ours, Asked::One) => format!("/api/v1/organisations/{of}"),
            (Who::Ours, Asked::List) => format!(
                "/api/v1/organisations?q=rau+an+toan&status=operating&unit={of}&limit=50&total=true{on}"
            ),
            (Who::Ours, Asked::Dashboard) => {
                format!(
                    "/api/v1/values?indicator={DASHBOARD}&unit={of}&level=district&limit=2000{on}"
                )
            }
            (Who::PocketBase, Asked::One) => {
                format!("/api/collections/organisations/records/{of}")
            }
            (Who::PocketBase, Asked::List) => format!(
                "/api/collections/organisations/records?perPage=50&sort=folded&filter=district%3D'{of}'%26%26status%3D'operating'%26%26folded~'rau%20an%20toan'"
            ),
            (Who::PocketBase, Asked::Dashboard) => {
                format!("/api/collections/dashboard/records?perPage=500&filter=province%3D'{of}'")
            }
            (Who::Django, Asked::One) => format!("/organisations/{of}"),
            (Who::Django, Asked::List) => format!("/organisations?district={of}&q=rau+an+toan"),
            (Who::Django, Asked::Dashboard) => format!("/dashboard?province={of}"),
        }
    }

    /// What an answer says, the same whoever says it.
    fn said(&self, who: Who, answer: &Value) -> BTreeMap<String, String> {
        let text = |of: &Value, name: &str| match of.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let rows = |name: &str| -> Vec<Value> {
            let rows = if name.is_empty() { Some(answer) } else { answer.get(name) };
            rows.and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let list = match who {
            Who::Ours | Who::PocketBase => "items",
            Who::Django => "results",
        };
        match (self.asked, who) {
            (Asked::One, _) => BTreeMap::from([(text(answer, "id"), text(answer, "name"))]),
            (Asked::List, _) => {
                let total = match who {
                    Who::Ours => "total",
                    Who::PocketBase => "totalItems",
                    Who::Django => "count",
                };
                let rows = rows(list).into_iter();
                let names = rows.map(|one| (text(&one, "id"), text(&one, "name")));
                names.chain([("total".to_owned(), text(answer, total))]).collect()
            }
            (Asked::Dashboard, Who::Ours) => {
                let mut said = BTreeMap::new();
                for one in rows("items") {
                    let indicator = text(&one, "indicator");
                    let (name, field) = match indicator.as_str() {
                        "filed_share" => ("filed", "numerator"),
                        other => (other, "value"),
                    };
                    let unit = one.get("unit").map(|unit| text(unit, "id")).unwrap_or_default();
                    let value = one.get(field).and_then(Value::as_f64).unwrap_or(0.0);
                    if value != 0.0 {
                        let key = format!("{unit} {} {name}", text(&one, "year"));
                        said.insert(key, format!("{value:.0}"));
                    }
                }
                said
            }
            (Asked::Dashboard, _) => {
                let (list, unit) = match who {
                    Who::Django => ("", "organisation__district"),
                    Who::Ours | Who::PocketBase => ("items", "district"),
                };
                let mut said = BTreeMap::new();
                for one in rows(list) {
                    for name in ["filed", "members", "revenue", "profit"] {
                        let value = one.get(name).and_then(Value::as_f64).unwrap_or(0.0);
                        if value != 0.0 {
                            let key = format!("{} {} {name}", text(&one, unit), text(&one, "year"));
                            said.insert(key, format!("{value:.0}"));
                        }
                    }
                }
                said
            }
        }
    }
}

/// Somebody who answers.
struct Server {
    who: Who,
    root: String,
    token: Option<String>,
    child: Child,
}

impl Server {
    fn ask(&self, agent: &Agent, drawn: &Drawn<'_>) -> Result<Vec<u8>> {
        let path = format!("{}{}", self.root, drawn.path(self.who));
        let mut asked = agent.get(&path);
        if let Some(token) = &self.token {
            asked = asked.header("authorization", token);
        }
        let mut answer = asked.call().with_context(|| path.clone())?;
        Ok(answer.body_mut().read_to_vec()?)
    }

    /// Waits until what is made in the background after a start, the forecasts of a nation among it, is made.
    fn rested(&self) -> Result<()> {
        let mut before = self.cpu()?;
        let mut quiet = 0;
        // Forecasts rest for up to five seconds between two.
        for _ in 0..300 {
            std::thread::sleep(Duration::from_secs(1));
            let now = self.cpu()?;
            quiet = if now - before < 0.05 { quiet + 1 } else { 0 };
            if quiet == 7 {
                return Ok(());
            }
            before = now;
        }
        bail!("{} is still at work five minutes after its start", self.who.name())
    }

    /// Asks the program to stop and waits until it has.
    fn stop(&mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if !told.success() || !self.child.wait()?.success() {
            bail!("{} did not stop as it was told", self.who.name());
        }
        Ok(())
    }

    /// What the whole family of processes has used of all cores so far.
    fn cpu(&self) -> Result<f64> {
        let mut sum = 0.0;
        let mut rest = vec![self.child.id()];
        while let Some(one) = rest.pop() {
            sum += cpu_seconds(one)?;
            let children = std::fs::read_to_string(format!("/proc/{one}/task/{one}/children"));
            let children = children.unwrap_or_default();
            rest.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        Ok(sum)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One line of the table.
struct Line {
    who: Who,
    asked: Asked,
    connections: usize,
    requests: usize,
    /// How many were not answered, or answered with an error.
    failed: usize,
    per_cpu: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// How long it took from a start to the first answer, in seconds.
#[derive(Clone, Copy)]
struct Starts {
    with: f64,
    /// Without a snapshot, from the tables of the database.
    without: f64,
}

/// Fills, serves, asks and tells.
pub(crate) fn run(requests: &Requests) -> Result<()> {
    let folder = requests.data();
    ledger::run(&Fill { size: requests.size, folder: folder.clone() })?;
    let nation = Nation::new(requests.size.size(), SEED)?;
    let world = World::of(&nation);
    let token = token(&requests.program, &folder)?;
    let mut servers = Vec::new();
    if let Some(python) = &requests.python {
        export(&nation, &folder)?;
        servers.push(pocketbase(python, &folder)?);
        servers.push(django(python, &folder)?);
    }
    drop(nation);
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let first = world.draw(Asked::Dashboard, &mut chance);
    let start = || {
        let began = Instant::now();
        let ours = serve(&requests.program, &folder, token.clone())?;
        let answer = ours.ask(&agent(), &first)?;
        anyhow::Ok((ours, answer, began.elapsed().as_secs_f64()))
    };
    let snapshots = folder.join("snapshots");
    if snapshots.exists() {
        std::fs::remove_dir_all(&snapshots)?;
    }
    let (mut ours, from_tables, without) = start()?;
    ours.rested()?;
    if !(0..60).any(|_| {
        std::thread::sleep(Duration::from_secs(1));
        snapshots.join("histories").exists()
    }) {
        bail!("no snapshot was written a minute after all work was done");
    }
    ours.stop()?;
    let (ours, from_snapshot, with) = start()?;
    if from_tables != from_snapshot {
        bail!("the answers from tables and from a snapshot differ, so the figures say nothing");
    }
    servers.insert(0, ours);
    let equal = compared(&world, &servers, &mut chance)?;
    if let Some(ours) = servers.first() {
        ours.rested()?;
    }
    let mut lines = Vec::new();
    for asked in Asked::ALL {
        for connections in CONNECTIONS {
            for server in &servers {
                lines.push(measured(requests, &world, server, asked, connections)?);
            }
        }
    }
    let ours = servers.first().context("nobody serves")?;
    let mut meanwhile = Vec::new();
    let filed = filings(requests, &world, ours, &mut meanwhile);
    let peak = servers.first().map_or(Ok(f64::NAN), |ours| peak_mb(ours.child.id()))?;
    tell(requests, &lines, &meanwhile, Starts { with, without }, peak, equal)?;
    filed?;
    if equal == Some(false) {
        bail!("the answers differ, so the figures say nothing");
    }
    Ok(())
}

/// Filings with nobody beside, and beside readers and an import.
fn filings(
    requests: &Requests,
    world: &World,
    server: &Server,
    all: &mut Vec<Meanwhile>,
) -> Result<()> {
    all.push(meanwhile::alone(requests, world, server)?);
    for readers in CONNECTIONS {
        all.push(meanwhile::mixed(requests, world, server, readers)?);
    }
    Ok(())
}

/// Whether all say the same; none where nobody stands beside.
fn compared(world: &World, servers: &[Server], chance: &mut ChaCha8Rng) -> Result<Option<bool>> {
    let agent = agent();
    let [ours, peers @ ..] = servers else { return Ok(None) };
    if peers.is_empty() {
        return Ok(None);
    }
    let mut equal = true;
    for asked in Asked::ALL {
        for _ in 0..20 {
            let drawn = world.draw(asked, chance);
            let said = |server: &Server| -> Result<_> {
                let answer = serde_json::from_slice(&server.ask(&agent, &drawn)?)?;
                Ok(drawn.said(server.who, &answer))
            };
            let own = said(ours)?;
            for peer in peers {
                let theirs = said(peer)?;
                if own != theirs {
                    equal = false;
                    let differ = own.iter().find(|(key, value)| theirs.get(*key) != Some(value));
                    writeln!(
                        std::io::stderr(),
                        "{} says otherwise about {} of {}: {} and {} values, as {differ:?}",
                        peer.who.name(),
                        asked.name(),
                        drawn.of,
                        own.len(),
                        theirs.len()
                    )?;
                }
            }
        }
    }
    Ok(Some(equal))
}

/// Asks one server one thing over some connections.
fn measured(
    requests: &Requests,
    world: &World,
    server: &Server,
    asked: Asked,
    connections: usize,
) -> Result<Line> {
    let cpu = server.cpu()?;
    let until = Instant::now() + Duration::from_secs(requests.seconds);
    let (mut took, failed) = asked_until(world, asked, server, connections, until)?;
    let cpu = server.cpu()? - cpu;
    if failed > 0 && server.who == Who::Ours {
        bail!("{failed} requests about {} were not answered", asked.name());
    }
    took.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "far fewer than a float tells apart")]
    let per_cpu = took.len() as f64 / cpu;
    let (p50_ms, p99_ms) = (at_part(&took, 50) * 1e3, at_part(&took, 99) * 1e3);
    let (who, requests) = (server.who, took.len());
    Ok(Line { who, asked, connections, requests, failed, per_cpu, p50_ms, p99_ms })
}

/// What so many of a hundred took no more than.
fn at_part(sorted: &[f64], part: usize) -> f64 {
    sorted.get(sorted.len().saturating_sub(1) * part / 100).copied().unwrap_or(f64::NAN)
}

/// How long each request took that was asked over some connections until a moment, in seconds, and how many failed.
fn asked_until(
    world: &World,
    asked: Asked,
    server: &Server,
    connections: usize,
    until: Instant,
) -> Result<(Vec<f64>, usize)> {
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..connections)
            .map(|number| {
                scope.spawn(move || -> Result<(Vec<f64>, usize)> {
                    let agent = agent();
                    let number = u64::try_from(number)?;
                    let mut chance = ChaCha8Rng::seed_from_u64(SEED + number);
                    let (mut took, mut failed) = (Vec::new(), 0);
                    while Instant::now() < until {
                        let drawn = world.draw(asked, &mut chance);
                        let began = Instant::now();
                        match server.ask(&agent, &drawn) {
                            Ok(_) => took.push(began.elapsed().as_secs_f64()),
                            Err(_) => failed += 1,
                        }
                    }
                    Ok((took, failed))
                })
            })
            .collect();
        let (mut took, mut failed) = (Vec::new(), 0);
        for one in all {
            let own = one.join().map_err(|_| anyhow!("somebody panicked"))??;
            took.extend(own.0);
            failed += own.1;
        }
        Ok((took, failed))
    })
}

/// Organisations and returns as the peers read them: lines of text with tabs.
fn export(nation: &Nation, folder: &Path) -> Result<()> {
    let register = &nation.register;
    let mut out = BufWriter::new(File::create(folder.join("organisations.tsv"))?);
    for (organisation, state, name) in ledger::on(nation, TODAY) {
        let above = nation.places.ancestry(&state.seat);
        let unit = |letter: char| {
            above.iter().rfind(|unit| unit.id.0.starts_with(letter)).map_or("", |unit| &unit.id.0)
        };
        writeln!(
            out,
            "{}\t{name}\t{}\t{}\t{}\t{}\t{}",
            organisation.id,
            fold(&name),
            state.status.code(),
            state.seat,
            unit('d'),
            unit('p')
        )?;
    }
    out.flush()?;
    let mut out = BufWriter::new(File::create(folder.join("returns.tsv"))?);
    let column = |name: &str| register.return_columns.iter().find(|column| column.name == name);
    let columns = ["members_total", "revenue", "profit_net"].map(column);
    for filed in &register.returns {
        let of = register.organisation(filed.organisation).context("a return of nobody")?;
        write!(out, "r{:014}\t{}\t{}", filed.row, of.id, filed.year)?;
        for column in columns {
            let value = column.and_then(|column| column.of(filed)).unwrap_or(0);
            write!(out, "\t{value}")?;
        }
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

/// Waits until somebody answers at all.
fn waited(server: Server) -> Result<Server> {
    for _ in 0..300 {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None);
        if config.build().new_agent().get(&server.root).call().is_ok() {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("{} did not start", server.who.name())
}

fn pocketbase(python: &Path, folder: &Path) -> Result<Server> {
    let binary = python.with_file_name("pocketbase");
    let port = free_port()?;
    let made = Command::new(python)
        .arg(script("pocketbase.py"))
        .args([&binary, folder])
        .arg(port.to_string())
        .status()?;
    if !made.success() {
        bail!("PocketBase was not prepared");
    }
    let child = Command::new(&binary)
        .args(["serve", "--http", &format!("127.0.0.1:{port}"), "--dir"])
        .arg(folder.join("pocketbase"))
        .stdout(Stdio::null())
        .spawn()?;
    let root = format!("http://127.0.0.1:{port}");
    waited(Server { who: Who::PocketBase, root, token: None, child })
}

fn django(python: &Path, folder: &Path) -> Result<Server> {
    let made =
        Command::new(python).arg(script("django_rest.py")).arg("prepare").arg(folder).status()?;
    if !made.success() {
        bail!("Django REST was not prepared");
    }
    let port = free_port()?;
    let child = Command::new(python)
        .args(["-m", "gunicorn", "--workers", "2", "--bind", &format!("127.0.0.1:{port}")])
        .args(["--log-level", "error", "--chdir"])
        .arg(script(""))
        .arg("django_rest:application")
        .env("FOLDER", std::fs::canonicalize(folder)?)
        .spawn()?;
    let root = format!("http://127.0.0.1:{port}");
    waited(Server { who: Who::Django, root, token: None, child })
}

fn agent() -> Agent {
    let config = Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_mins(5)));
    config.build().new_agent()
}

/// A token of the account that may do everything.
fn token(program: &Path, folder: &Path) -> Result<String> {
    let told = Command::new(program)
        .args(["token", "create", "--account", ledger::ACCOUNT, "--label", "bench"])
        .args(["--permission", "read.* file.*", "--dir"])
        .arg(folder)
        .output()?;
    let text = String::from_utf8(told.stdout)?;
    let token = text.split_whitespace().find(|word| word.starts_with("hoptac_"));
    let token = token.with_context(|| {
        format!("no token was made: {text}{}", String::from_utf8_lossy(&told.stderr))
    })?;
    Ok(format!("Bearer {token}"))
}

fn serve(program: &Path, folder: &Path, token: String) -> Result<Server> {
    let mut server = Command::new(program);
    server
        .args(["serve", "--port", "0", "--requests-per-minute", "4000000000"])
        .args(["--log-level", "warn", "--dir"])
        .arg(folder);
    let (child, root) = started(&mut server)?;
    Ok(Server { who: Who::Ours, root, token: Some(token), child })
}

fn tell(
    requests: &Requests,
    lines: &[Line],
    meanwhile: &[Meanwhile],
    starts: Starts,
    peak: f64,
    equal: Option<bool>,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let size = requests.size.code();
    if requests.json {
        let results: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({
                    "who": line.who.name(), "asked": line.asked.name(), "connections": line.connections,
                    "requests": line.requests, "failed": line.failed, "requests_per_cpu_s": line.per_cpu, "p50_ms": line.p50_ms,
                    "p99_ms": line.p99_ms,
                })
            })
            .collect();
        let told = json!({
            "bench": "requests", "size": size, "start_s": starts.with,
            "start_without_snapshot_s": starts.without, "peak_mb": peak, "equal": equal,
            "load": table::load(), "results": results,
            "meanwhile": meanwhile.iter().map(Meanwhile::json).collect::<Vec<_>>(),
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        return Ok(());
    }
    let equal = match equal {
        None => "nobody beside",
        Some(true) => "answers equal",
        Some(false) => "ANSWERS DIFFER",
    };
    writeln!(
        out,
        "requests, size {size}, load average {:.1}, {equal}; our first answer after {:.1} s, without a snapshot after {:.1}; {peak:.0} MB",
        table::load(),
        starts.with,
        starts.without,
    )?;
    writeln!(
        out,
        "{:<10} {:<12} {:>5} {:>9} {:>7} {:>10} {:>9} {:>9}",
        "asked", "who", "conn.", "requests", "failed", "per CPU-s", "p50 ms", "p99 ms"
    )?;
    for line in lines {
        writeln!(
            out,
            "{:<10} {:<12} {:>5} {:>9} {:>7} {:>10.0} {:>9.2} {:>9.2}",
            line.asked.name(),
            line.who.name(),
            line.connections,
            line.requests,
            line.failed,
            line.per_cpu,
            line.p50_ms,
            line.p99_ms
        )?;
    }
    writeln!(out, "\nfilings, one after the other, and beside readers and an import")?;
    writeln!(
        out,
        "{:>7} {:>8} {:>8} {:>8} {:>9} {:>10} {:>9} {:>9} {:>9}",
        "readers",
        "filings",
        "p50 ms",
        "p99 ms",
        "reads",
        "per CPU-s",
        "p99 ms",
        "rows",
        "import s"
    )?;
    for one in meanwhile {
        writeln!(
            out,
            "{:>7} {:>8} {:>8.1} {:>8.1} {:>9} {:>10.0} {:>9.1} {:>9} {:>9.1}",
            one.readers,
            one.filings,
            one.filing_p50_ms,
            one.filing_p99_ms,
            one.reads,
            one.reads_per_cpu,
            one.read_p99_ms,
            one.imported,
            one.import_s
        )?;
    }
    Ok(())
}
