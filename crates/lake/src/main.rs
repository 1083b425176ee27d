//! Past one machine: facts as Parquet, the plan's formulas as SQL, on DataFusion in one process or on Ballista in several.
//!
//! `hoptac-lake export` writes a folder, `run` computes its figures, `compare` holds them against the engine's own, `scheduler` and
//! `executor` are the processes that compute together, `measure` does all of it and tells what it took. See `docs/lake.md`.

mod cluster;
mod compare;
#[path = "../../bench/src/definitions.rs"]
mod definitions;
mod export;
mod manifest;
mod measure;
#[path = "../../bench/src/nation.rs"]
#[expect(dead_code, reason = "the benchmarks use more of it")]
mod nation;
mod process;
mod run;
mod source;
mod sql;
mod statement;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::json;

use crate::compare::Comparison;
use crate::manifest::{Manifest, NAME, hash_of};
use crate::process::Watch;
use crate::run::{Figures, Plan, Took, Where};
use crate::statement::Part;

/// Facts as Parquet, formulas as SQL, past one machine.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write facts, contracts, memberships and the engine's own figures as Parquet with a manifest
    Export(Export),
    /// Hold every file of a folder against its manifest
    Verify {
        /// The folder
        folder: PathBuf,
    },
    /// Print the SQL of indicators, or why there is none
    Sql {
        /// The folder
        folder: PathBuf,
        /// The indicator; all where none is named
        indicator: Option<String>,
    },
    /// Compute the figures of a folder by SQL
    Run(Run),
    /// Compute the figures of a folder by SQL and hold them against the engine's, cell by cell
    Compare(Run),
    /// Run a scheduler of Ballista
    Scheduler(cluster::SchedulerArguments),
    /// Run an executor of Ballista
    Executor(cluster::ExecutorArguments),
    /// Export the nation of the benchmarks, compute it here and on two executors, compare and tell what it took
    Measure(measure::MeasureArguments),
}

#[derive(Debug, Args)]
struct Export {
    /// The folder to write; it must be empty, or not there yet
    folder: PathBuf,
    /// The data folder of hoptac
    #[arg(long, conflicts_with = "nation")]
    dir: Option<PathBuf>,
    /// A PostgreSQL database instead, by its URL
    #[arg(long, env = "HOPTAC_DATABASE", hide_env_values = true, conflicts_with_all = ["dir", "nation"])]
    database: Option<String>,
    /// The nation of the benchmarks instead of a ledger
    #[arg(long, value_enum)]
    nation: Option<SizeName>,
    /// The pack of a plan instead of the adopted one, to try its formulas
    #[arg(long, conflicts_with = "nation")]
    pack: Option<PathBuf>,
    /// The day whose state is exported (default: that of the last filing)
    #[arg(long, conflicts_with = "nation")]
    as_of: Option<Date>,
    /// The day whose places are used (default: that of the unit)
    #[arg(long, conflicts_with = "nation")]
    geography: Option<Date>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How large the nation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SizeName {
    /// A province: 3,300 organisations, 160,000 members
    S,
    /// A nation: 165,000 organisations, 8 million members
    M,
}

impl SizeName {
    fn code(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::M => "m",
        }
    }
}

#[derive(Debug, Args)]
struct Run {
    /// The folder
    folder: PathBuf,
    /// The scheduler whose executors compute, `df://host:port`; without one this process does
    #[arg(long)]
    scheduler: Option<String>,
    /// How many partitions are worked on side by side
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// The most memory that sorting and grouping may take in this process before they go on disk, in megabytes
    #[arg(long, conflicts_with = "scheduler")]
    memory: Option<usize>,
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    parts: Vec<String>,
    /// The file that the figures are written to, as CSV
    #[arg(long)]
    csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Settings of the engine, `name=value`
    #[arg(long)]
    set: Vec<String>,
    /// Other processes whose work is part of it, `name=id`
    #[arg(long, hide = true)]
    beside: Vec<String>,
}

/// Prints one line.
fn tell(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

#[tokio::main]
async fn main() -> ExitCode {
    match act(Arguments::parse().what).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to say where this cannot be said.
            let _ = writeln!(std::io::stderr(), "hoptac-lake: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Does what was asked; false where it was done and the result is bad.
async fn act(what: What) -> Result<bool> {
    match what {
        What::Export(arguments) => export(arguments).await,
        What::Verify { folder } => {
            let manifest = Manifest::open(&folder)?;
            tell(&format!("{} files are what the manifest means", manifest.files.len()))?;
            Ok(true)
        }
        What::Sql { folder, indicator } => sql(&folder, indicator.as_deref()),
        What::Run(arguments) => computed(&arguments, false).await,
        What::Compare(arguments) => computed(&arguments, true).await,
        What::Scheduler(arguments) => cluster::scheduler(arguments).await.map(|()| true),
        What::Executor(arguments) => cluster::executor(arguments).await.map(|()| true),
        What::Measure(arguments) => measure::measure(&arguments),
    }
}

async fn export(arguments: Export) -> Result<bool> {
    let watch = Watch::new("export", &[])?;
    let begun = watch.begin()?;
    let source = if let Some(size) = arguments.nation {
        source::nation(size.code())?
    } else {
        let location = source::location(arguments.dir, arguments.database)?;
        let tried = arguments.pack.as_deref().map(source::plan).transpose()?;
        source::ledger(&location, tried, arguments.as_of, arguments.geography).await?
    };
    let (read_wall, read) = watch.end(&begun)?;
    let begun = watch.begin()?;
    let manifest = export::write(&source, &arguments.folder)?;
    let (wall, wrote) = watch.end(&begun)?;
    let hash = hash_of(&arguments.folder.join(NAME))?;
    let facts: u64 = rows_of(&manifest, "facts/");
    if arguments.json {
        let usage = |usage: &[(String, process::Usage)]| {
            usage.first().map(|(_, usage)| json!({"cpu_s": usage.cpu, "peak_mb": usage.peak}))
        };
        tell(
            &json!({
                "folder": arguments.folder,
                "manifest_sha256": hash,
                "bytes": manifest.bytes(),
                "files": manifest.files.len(),
                "facts": facts,
                "memberships": rows_of(&manifest, "memberships/"),
                "contracts": rows_of(&manifest, "contracts/"),
                "bytes_by_table": bytes_by_table(&manifest),
                "read": {"wall_s": read_wall, "took": usage(&read)},
                "write": {"wall_s": wall, "took": usage(&wrote)},
            })
            .to_string(),
        )?;
    } else {
        tell(&format!(
            "{} rows of facts, {} memberships, {} contracts in {} files, {} bytes",
            facts,
            rows_of(&manifest, "memberships/"),
            rows_of(&manifest, "contracts/"),
            manifest.files.len(),
            manifest.bytes()
        ))?;
        tell(&format!("{NAME} has the SHA-256 {hash}"))?;
        for definition in &manifest.indicators {
            if let Some(why) = &definition.untranslatable {
                tell(&format!("{} cannot be said in SQL: {why}", definition.id))?;
            }
        }
    }
    Ok(true)
}

fn rows_of(manifest: &Manifest, folder: &str) -> u64 {
    let own = manifest.files.iter().filter(|file| file.path.starts_with(folder));
    own.map(|file| file.rows).sum()
}

fn bytes_by_table(manifest: &Manifest) -> serde_json::Map<String, serde_json::Value> {
    let mut sums = std::collections::BTreeMap::new();
    for file in &manifest.files {
        let table = file.path.split('/').next().unwrap_or_default();
        *sums.entry(table.to_owned()).or_insert(0_u64) += file.bytes;
    }
    sums.into_iter().map(|(table, bytes)| (table, bytes.into())).collect()
}

fn sql(folder: &Path, indicator: Option<&str>) -> Result<bool> {
    let manifest = Manifest::open(folder)?;
    let mut found = false;
    for definition in &manifest.indicators {
        if indicator.is_some_and(|id| id != definition.id) {
            continue;
        }
        found = true;
        tell(&format!("-- {}, version {}", definition.id, definition.version))?;
        match (&definition.sql, &definition.untranslatable) {
            (Some(sql), _) => tell(&format!("{sql};\n"))?,
            (None, why) => tell(&format!(
                "-- cannot be said in SQL: {}\n",
                why.as_deref().unwrap_or("the manifest does not say why")
            ))?,
        }
    }
    if let (false, Some(id)) = (found, indicator) {
        anyhow::bail!("the folder has no indicator `{id}`; without a name all are printed");
    }
    Ok(true)
}

async fn computed(arguments: &Run, comparing: bool) -> Result<bool> {
    let manifest = Manifest::open(&arguments.folder)?;
    let plan = Plan::new(&manifest)?;
    let at = match &arguments.scheduler {
        Some(url) => Where::Scheduler(url.clone()),
        None => Where::Here { memory: arguments.memory.map(|megabytes| megabytes << 20) },
    };
    let mut parts: Vec<Part> = Part::ALL.to_vec();
    if !arguments.parts.is_empty() {
        for name in &arguments.parts {
            if Part::ALL.iter().all(|part| part.code() != name) {
                anyhow::bail!(
                    "there is no part `{name}`; the parts are {}",
                    Part::ALL.map(Part::code).join(", ")
                );
            }
        }
        parts.retain(|part| arguments.parts.iter().any(|name| name == part.code()));
    }
    let own = if arguments.scheduler.is_some() { "client" } else { "embedded" };
    let watch = Watch::new(own, &arguments.beside)?;
    let session =
        run::open(&arguments.folder, &at, arguments.threads.max(1), &arguments.set).await?;
    let (figures, took) = run::compute(&session, &manifest, &plan, &parts, &watch).await?;
    if let Some(path) = &arguments.csv {
        csv(path, &manifest, &figures)?;
    }
    let comparison = if comparing {
        let engine = compare::board(&arguments.folder, &manifest)?;
        Some(compare::compare(&manifest, &plan, &parts, &engine, &figures))
    } else {
        None
    };
    report(arguments.json, &manifest, &plan, &took, comparison.as_ref())
}

/// Says what was computed and, where it was compared, how far it is equal.
fn report(
    as_json: bool,
    manifest: &Manifest,
    plan: &Plan,
    took: &[Took],
    comparison: Option<&Comparison>,
) -> Result<bool> {
    let holds = comparison.is_none_or(Comparison::holds);
    if as_json {
        let parts: Vec<serde_json::Value> = took
            .iter()
            .map(|took| {
                let usage: Vec<serde_json::Value> = took
                    .usage
                    .iter()
                    .map(|(who, usage)| {
                        json!({"who": who, "cpu_s": usage.cpu, "peak_mb": usage.peak})
                    })
                    .collect();
                json!({
                    "part": took.part.code(), "indicators": took.indicators,
                    "wall_s": took.wall, "usage": usage,
                })
            })
            .collect();
        let compared = comparison.map(|found| {
            json!({
                "equal": found.equal, "nearly": found.nearly, "valued": found.valued,
                "apart": found.apart, "told": found.told, "unsaid": found.unsaid,
            })
        });
        tell(&json!({"parts": parts, "compared": compared}).to_string())?;
        return Ok(holds);
    }
    for took in took {
        let cpu: f64 = took.usage.iter().map(|(_, usage)| usage.cpu).sum();
        tell(&format!(
            "{}: {} indicators in {:.2} s, {cpu:.2} CPU-seconds",
            took.part.code(),
            took.indicators,
            took.wall
        ))?;
    }
    let Some(found) = comparison else {
        for (definition, asked) in manifest.indicators.iter().zip(&plan.asked) {
            if let Err(why) = asked {
                tell(&format!("{} cannot be said in SQL: {why}", definition.id))?;
            }
        }
        return Ok(plan.asked.iter().all(Result::is_ok));
    };
    for line in found.told.iter().chain(&found.unsaid) {
        tell(line)?;
    }
    tell(&format!(
        "{} cells are equal to the engine's, {} of them have a value, {} only to the twelfth digit; {} differ, {} indicators were not computed",
        found.equal,
        found.valued,
        found.nearly,
        found.apart,
        found.unsaid.len()
    ))?;
    Ok(holds)
}

/// Writes figures that have a value: indicator, unit, year, numerator, denominator, value.
fn csv(path: &Path, manifest: &Manifest, figures: &Figures) -> Result<()> {
    let file =
        std::fs::File::create(path).with_context(|| format!("making `{}`", path.display()))?;
    let mut out = std::io::BufWriter::new(file);
    writeln!(out, "indicator,unit,year,numerator,denominator,value")?;
    let number = |number: f64| if number.is_nan() { String::new() } else { number.to_string() };
    for (at, definition) in manifest.indicators.iter().enumerate() {
        for (year, year_note) in manifest.years.iter().enumerate() {
            for (unit, unit_note) in manifest.units.iter().enumerate() {
                let [above, below, value] = figures.cell(at, year, unit);
                if !value.is_nan() {
                    writeln!(
                        out,
                        "{},{},{},{},{},{}",
                        definition.id,
                        unit_note.id,
                        year_note.year,
                        number(above),
                        number(below),
                        number(value)
                    )?;
                }
            }
        }
    }
    Ok(out.flush()?)
}
