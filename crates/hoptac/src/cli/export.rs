//! The words for templates and tables.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::organisation::Who;
use super::{Lang, day};

#[derive(Debug, Args)]
pub(crate) struct TemplateArguments {
    /// The form: `organisations`, `returns`, `grades`, `links`, `products`, `support`, `members`, `units`, `figures`
    pub(crate) form: String,
    /// The unit that it is handed to, by code; the file is then taken back for no other
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The year that it is for; the file is then taken back for no other
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1990..=2100))]
    pub(crate) period: Option<i16>,
    /// Where it is written, an .xlsx file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The language of heads and instructions
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A spreadsheet
    Xlsx,
    /// Text with semicolons between cells
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The table: `organisations`, `returns`, `grades`, `links`, `products`, `support`, `members`, `units`, `figures`, `scoreboard`
    pub(crate) table: String,
    /// How it is written (default: by the ending of the file)
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Where it is written
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The day whose state is taken, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// The year, for returns and grades
    #[arg(long, value_parser = clap::value_parser!(i16).range(1990..=2100))]
    pub(crate) year: Option<i16>,
    /// The unit, by code, for the scoreboard
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The organisation whose roll of members is written, by identity or registration code
    #[arg(long, value_name = "ORGANISATION")]
    pub(crate) org: Option<String>,
    /// For what members are written in clear; who reads and why is filed first (default: masked)
    #[arg(long, requires = "org")]
    pub(crate) purpose: Option<String>,
    #[command(flatten)]
    pub(crate) who: Who,
    /// The language of heads
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
