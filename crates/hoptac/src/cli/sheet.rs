//! The words for spreadsheets.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Lang;

#[derive(Debug, Subcommand)]
pub(crate) enum SheetCommand {
    /// Read a spreadsheet as the rows of a form and say what is wrong in which cell; files nothing
    Check(CheckArguments),
}

/// A form that is filled in as a spreadsheet.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormWord {
    /// A row for each organisation
    Organisations,
    /// A row for each yearly return, by the form of the adopted plan
    Returns,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The file: .xlsx, .xls, .ods or .csv
    pub(crate) file: PathBuf,
    /// The form that its rows are of
    #[arg(long, value_enum, default_value_t = FormWord::Organisations)]
    pub(crate) form: FormWord,
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
