//! The words of `hoptac boundary`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Lang;
use super::organisation::Who;

/// What is done with outlines of units.
#[derive(Debug, Subcommand)]
pub(crate) enum BoundaryCommand {
    /// Load outlines from a `GeoJSON` file; each feature names its unit by its code, else by its name
    Load(LoadArguments),
    /// The loadings that hold, the last one last
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Take the last loading back: the outlines before it hold again
    Undo {
        /// The loading, by its filing's position
        #[arg(value_name = "POSITION")]
        position: u64,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        who: Who,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

/// Load outlines.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Show what would become of every feature, and file nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) who: Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
