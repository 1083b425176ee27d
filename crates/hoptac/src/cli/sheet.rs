//! The words for spreadsheets.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Lang;

#[derive(Debug, Subcommand)]
pub(crate) enum SheetCommand {
    /// Read a spreadsheet as the rows of a form and say what is wrong in which cell; files nothing
    Check(CheckArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The file: .xlsx, .xls, .ods or .csv
    pub(crate) file: PathBuf,
    /// The form that its rows are of
    #[arg(long, default_value = "organisations")]
    pub(crate) form: String,
    /// The sheet, by its name (default: the visible one whose heads say most)
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the sentences
    #[arg(long, value_enum, default_value_t = Lang::Vi)]
    pub(crate) lang: Lang,
}
