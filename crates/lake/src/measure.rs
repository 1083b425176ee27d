//! Everything in one go: exports a nation, computes its figures in one process and on a scheduler with two executors, holds both against
//! the engine, and tells what each process took.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{SizeName, tell};

/// How long a scheduler and its executors may take until they are ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct MeasureArguments {
    /// How large the nation is
    #[arg(long, value_enum, default_value = "s")]
    size: SizeName,
    /// Where exports and results of stages go; what an earlier run left there is removed
    #[arg(long, default_value = "target/lake-data")]
    folder: PathBuf,
    /// A folder that was exported before, instead of a nation
    #[arg(long)]
    of: Option<PathBuf>,
    /// How many executors there are
    #[arg(long, default_value_t = 2)]
    executors: u16,
    /// The most memory that sorting and grouping may take in each process before they go on disk, in megabytes
    #[arg(long, default_value_t = 4_096)]
    memory: u64,
    /// How many partitions are worked on side by side
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A process that is ended when nobody needs it any more.
struct Helper {
    name: String,
    child: Child,
}

impl Drop for Helper {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs everything; false where figures differ.
pub(crate) fn measure(arguments: &MeasureArguments) -> Result<bool> {
    let (folder, exported) = if let Some(folder) = &arguments.of {
        (folder.clone(), None)
    } else {
        let folder = arguments.folder.join(arguments.size.code());
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("removing `{}`", folder.display()))?;
        }
        let mut command = ourselves("export")?;
        command.arg(&folder).args(["--nation", arguments.size.code(), "--json"]);
        (folder, Some(told(&mut command)?.1))
    };
    let memory = arguments.memory.to_string();
    let threads = arguments.threads.to_string();
    let mut here = ourselves("compare")?;
    here.arg(&folder).args(["--json", "--threads", &threads, "--memory", &memory]);
    let (here_holds, here) = told(&mut here)?;

    let work = arguments.folder.join("work");
    let cluster = Cluster::start(arguments, &work)?;
    let mut there = ourselves("compare")?;
    there.arg(&folder).args(["--json", "--threads", &threads, "--scheduler", &cluster.url]);
    for helper in &cluster.helpers {
        there.arg("--beside").arg(format!("{}={}", helper.name, helper.child.id()));
    }
    let (there_holds, there) = told(&mut there)?;
    drop(cluster);
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("removing `{}`", work.display()))?;
    }
    let load = load();
    if arguments.json {
        let all = serde_json::json!({
            "size": arguments.size.code(), "load": load, "export": exported,
            "embedded": here, "ballista": there,
        });
        tell(&serde_json::to_string_pretty(&all)?)?;
    } else {
        table(arguments, load, exported.as_ref(), &[("embedded", &here), ("ballista", &there)])?;
    }
    Ok(here_holds && there_holds)
}

/// A scheduler with its executors.
struct Cluster {
    url: String,
    helpers: Vec<Helper>,
}

impl Cluster {
    fn start(arguments: &MeasureArguments, work: &Path) -> Result<Self> {
        let port = free_port()?;
        let url = format!("df://127.0.0.1:{port}");
        let mut scheduler = ourselves("scheduler")?;
        scheduler.args(["--port", &port.to_string()]);
        scheduler.args(["--executors", &arguments.executors.to_string()]);
        let mut helpers = vec![helper("scheduler", &mut scheduler)?];
        wait("the scheduler", &mut helpers, || Ok(answers(port, "/healthz")))?;
        for number in 1..=arguments.executors {
            let mut executor = ourselves("executor")?;
            executor.args(["--scheduler", &url, "--tasks", "1"]);
            executor.args(["--memory", &arguments.memory.to_string()]);
            executor.args(["--port", &free_port()?.to_string()]);
            executor.args(["--work-port", &free_port()?.to_string()]);
            executor.arg("--work").arg(work.join(number.to_string()));
            helpers.push(helper(&format!("executor {number}"), &mut executor)?);
        }
        wait("the executors", &mut helpers, || Ok(answers(port, "/readyz")))?;
        Ok(Self { url, helpers })
    }
}

/// This program with a word.
fn ourselves(word: &str) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("looking for this program")?);
    command.arg(word);
    Ok(command)
}

fn helper(name: &str, command: &mut Command) -> Result<Helper> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("starting the {name}"))?;
    Ok(Helper { name: name.to_owned(), child })
}

/// Lets this program do something and reads the JSON that it prints; with whether it was content.
fn told(command: &mut Command) -> Result<(bool, Value)> {
    let output = command.stderr(Stdio::inherit()).output().context("starting this program")?;
    let value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{command:?} ended with {}", output.status))?;
    Ok((output.status.success(), value))
}

/// A port that nobody listens at. Somebody else may take it before it is used; then starting fails and says so.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until something is ready, as long as nobody who is needed has ended.
fn wait(what: &str, helpers: &mut [Helper], mut ready: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !ready()? {
        for helper in &mut *helpers {
            if let Some(status) = helper.child.try_wait()? {
                bail!("the {} ended with {status}", helper.name);
            }
        }
        if begun.elapsed() > PATIENCE {
            bail!("{what} did not get ready within {} seconds", PATIENCE.as_secs());
        }
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Whether an address of the scheduler answers that all is well.
fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut said = String::new();
        stream.read_to_string(&mut said)?;
        Ok(said)
    };
    ask().is_ok_and(|said| said.starts_with("HTTP/1.1 200"))
}

/// How much else the machine does.
fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}

fn number(value: &Value, name: &str) -> f64 {
    value.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// Prints what was measured.
fn table(
    arguments: &MeasureArguments,
    load: f64,
    exported: Option<&Value>,
    runs: &[(&str, &Value)],
) -> Result<()> {
    let what = match &arguments.of {
        Some(folder) => format!("`{}`", folder.display()),
        None => format!("size {}", arguments.size.code()),
    };
    tell(&format!("lake, {what}, load average {load:.1}"))?;
    if let Some(exported) = exported {
        tell(&format!(
            "{} rows of facts, {} memberships, {} contracts; {:.1} MB of Parquet in {} files",
            number(exported, "facts"),
            number(exported, "memberships"),
            number(exported, "contracts"),
            number(exported, "bytes") / 1e6,
            number(exported, "files"),
        ))?;
        if let Some(Value::Object(tables)) = exported.get("bytes_by_table") {
            let tables: Vec<String> = tables
                .iter()
                .map(|(table, bytes)| {
                    format!("{table} {:.2} MB", bytes.as_f64().unwrap_or(f64::NAN) / 1e6)
                })
                .collect();
            tell(&tables.join(", "))?;
        }
        for what in ["read", "write"] {
            let Some(step) = exported.get(what) else { continue };
            let took = step.get("took").unwrap_or(&Value::Null);
            tell(&format!(
                "export, {what}: {:.1} s, {:.1} CPU-s, peak {:.0} MB",
                number(step, "wall_s"),
                number(took, "cpu_s"),
                number(took, "peak_mb")
            ))?;
        }
    }
    tell(&format!(
        "{:<9} {:<9} {:>10} {:>8} {:>8}  {}",
        "where", "part", "indicators", "wall s", "CPU-s", "of each process: CPU-s, peak MB"
    ))?;
    for (name, run) in runs {
        let parts = run.get("parts").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            let usage = part.get("usage").and_then(Value::as_array);
            let mut all = 0.0;
            let mut each = Vec::new();
            for usage in usage.into_iter().flatten() {
                let (cpu, peak) = (number(usage, "cpu_s"), number(usage, "peak_mb"));
                all += cpu;
                let who = usage.get("who").and_then(Value::as_str).unwrap_or_default();
                each.push(format!("{who} {cpu:.2}, {peak:.0}"));
            }
            tell(&format!(
                "{:<9} {:<9} {:>10} {:>8.2} {:>8.2}  {}",
                name,
                part.get("part").and_then(Value::as_str).unwrap_or_default(),
                number(part, "indicators"),
                number(part, "wall_s"),
                all,
                each.join("; ")
            ))?;
        }
        let found = run.get("compared").unwrap_or(&Value::Null);
        tell(&format!(
            "{:<9} {} cells equal to the engine's, {} of them with a value, {} only to the twelfth digit; {} differ",
            name,
            number(found, "equal"),
            number(found, "valued"),
            number(found, "nearly"),
            number(found, "apart")
        ))?;
        for list in ["told", "unsaid"] {
            let lines = found.get(list).and_then(Value::as_array);
            for line in lines.into_iter().flatten().filter_map(Value::as_str) {
                tell(&format!("  {line}"))?;
            }
        }
    }
    Ok(())
}
