//! The words for importing spreadsheets.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hoptac_model::ids::ImportId;
use jiff::civil::Date;

use super::organisation::Who;
use super::{Lang, day};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ImportArguments {
    #[command(subcommand)]
    pub(crate) verb: Option<ImportVerb>,
    #[command(flatten)]
    pub(crate) file: ImportFile,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportVerb {
    /// What was imported, the newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// An import, with the filings that it brought
    Show {
        /// The import, by its identity
        import: ImportId,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Take an import back; refused with the list of what rests on it
    Undo {
        /// The import, by its identity
        import: ImportId,
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

/// Which rows are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AcceptWord {
    /// All rows, or nothing where one is rejected
    All,
    /// Rows that are new or changed, without faults and not suspected to be duplicates
    Good,
}

#[derive(Debug, Args)]
pub(crate) struct ImportFile {
    /// The file: .xlsx, .xls, .ods or .csv
    #[arg(required = true)]
    pub(crate) file: Option<PathBuf>,
    /// The form that its rows are of (default: by the template's stamp or the heads)
    #[arg(long)]
    pub(crate) form: Option<String>,
    /// The sheet, by its name (default: the visible one whose heads say most)
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Which columns are which, as `code=B,name=C,capital=-`; remembered for the sender
    #[arg(long, value_name = "COLUMN=LETTERS,…")]
    pub(crate) mapping: Option<String>,
    /// The last row of the head, where it is not found
    #[arg(long, value_name = "NUMBER")]
    pub(crate) head_row: Option<u32>,
    /// The year that it is for
    #[arg(long, value_parser = clap::value_parser!(i16).range(1990..=2100))]
    pub(crate) year: Option<i16>,
    /// The unit that the template must be for, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The organisation of rows that name none, by identity or registration code
    #[arg(long, value_name = "ORGANISATION")]
    pub(crate) org: Option<String>,
    /// The day from which changes hold, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) effective_on: Option<Date>,
    /// Which rows are filed
    #[arg(long, value_enum, default_value_t = AcceptWord::All, conflicts_with = "dry_run")]
    pub(crate) accept: AcceptWord,
    /// Show what would become of every row, and file nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write a copy of the file with the cells that are wrong or doubtful coloured and commented
    #[arg(long, value_name = "FILE")]
    pub(crate) marked: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) who: Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
