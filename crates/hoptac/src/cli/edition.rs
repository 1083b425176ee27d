//! The words of `hoptac edition`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Lang;
use super::report::{FormatWord, ReportAsked};

/// What is done with issued reports.
#[derive(Debug, Subcommand)]
pub(crate) enum EditionCommand {
    /// Issue a report: its bytes are kept for ever, the ledger proves them
    Issue(Box<IssueArguments>),
    /// Every report that was issued
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// An issued report: what it is, who signed it, its files; with --out, one of them
    Show(ShowArguments),
    /// Whether a report, by its code or as a file, is one that was issued, unchanged
    Verify {
        /// The code of an edition, or a file
        #[arg(value_name = "CODE|FILE")]
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// What two issued reports say differently
    Compare {
        /// The code of the older one
        before: String,
        /// The code of the newer one
        after: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

/// Issue a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct IssueArguments {
    #[command(flatten)]
    pub(crate) asked: ReportAsked,
    /// Where people reach the pages, for the code on an extract
    #[arg(
        long,
        env = "HOPTAC_ORIGIN",
        value_name = "URL",
        default_value = "http://localhost:8115"
    )]
    pub(crate) origin: String,
    /// Who files
    #[arg(long, value_name = "NAME", default_value = "command-line")]
    pub(crate) actor: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Show an edition.
#[derive(Clone, Debug, Args)]
pub(crate) struct ShowArguments {
    /// The code of the edition
    pub(crate) code: String,
    /// Write one of its files
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Which one
    #[arg(long, default_value = "pdf", requires = "out")]
    pub(crate) format: FormatWord,
    /// Put it in the place of a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
