//! Benchmarks of hoptac: our figures beside those of the peers, on the same work, after the results were held against
//! each other. `cargo xtask bench` builds it, prepares the peers and runs it.

mod compare;
mod definitions;
mod engine;
mod export;
mod filing;
mod forecast;
mod import;
mod ledger;
mod load;
mod nation;
mod peer;
mod requests;
mod rolls;
mod start;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, Subcommand, ValueEnum};

use crate::nation::Size;

/// Measures hoptac and its peers.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The scoreboard of a nation from scratch: row indicators, distinct partners, distinct persons.
    Engine(Run),
    /// One filing arrives: how long until all that hangs on it is there.
    Filing(Run),
    /// A start: how long until the first board is there, from snapshots and from the register alone.
    Start(Run),
    /// Forecasts of a nation's series with intervals, and how they would have done before.
    Forecast(Run),
    /// A workbook of a hundred thousand rows: read, typed and judged, beside the reader of a peer.
    Import(Run),
    /// Two hundred people at work on a served demo, reading and filing.
    Load(load::Load),
    /// Programs ask the interface of a served nation.
    Requests(requests::Requests),
    /// A nation in a ledger: fills a data folder with the filings of all organisations, for `requests`.
    Fill(ledger::Fill),
    /// Reads the workbook for each line of its input; started by `import`.
    #[command(hide = true)]
    ImportWorker {
        /// Where the workbook is and results go.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Does one part of the forecasts for each line of its input; started by `forecast`.
    #[command(hide = true)]
    ForecastWorker {
        /// Where the series are and results go.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Starts once; started by `start`.
    #[command(hide = true)]
    StartWorker {
        /// How large the nation is.
        #[arg(long, value_enum)]
        size: SizeName,
        /// What it finds.
        #[arg(long, value_enum)]
        from: start::From,
        /// Where the snapshots are and results go.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Does one part of the engine's work for each line of its input; started by `engine`.
    #[command(hide = true)]
    EngineWorker {
        /// How large the nation is.
        #[arg(long, value_enum)]
        size: SizeName,
        /// Where results go.
        #[arg(long)]
        folder: PathBuf,
    },
}

/// How a benchmark is run.
#[derive(Debug, clap::Args)]
struct Run {
    /// How large the nation is.
    #[arg(long, value_enum, default_value = "m")]
    size: SizeName,
    /// How often everybody does the work, one after the other.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Where data and results go.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The Python that has the peers; without it only our own figures are taken.
    #[arg(long)]
    python: Option<PathBuf>,
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SizeName {
    /// A province: 3,300 organisations, 160,000 members.
    S,
    /// A nation: 165,000 organisations, 8 million members.
    M,
}

impl SizeName {
    fn size(self) -> Size {
        match self {
            Self::S => Size::S,
            Self::M => Size::M,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::M => "m",
        }
    }
}

/// The seed of every nation measured here.
const SEED: u64 = 20_260_701;

fn main() -> anyhow::Result<()> {
    let began = Instant::now();
    match Arguments::parse().what {
        What::Engine(run) => engine::run(&run),
        What::Filing(run) => filing::run(&run),
        What::Start(run) => start::run(&run),
        What::StartWorker { size, from, folder } => start::work(size, from, &folder, began),
        What::Forecast(run) => forecast::run(&run),
        What::Import(run) => import::run(&run),
        What::Load(load) => load::run(&load),
        What::Requests(requests) => requests::run(&requests),
        What::Fill(fill) => ledger::run(&fill),
        What::ImportWorker { folder } => import::work(&folder),
        What::ForecastWorker { folder } => forecast::work(&folder),
        What::EngineWorker { size, folder } => engine::work(size, &folder),
    }
}
