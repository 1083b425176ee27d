//! The words for grades.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::organisation::Who;
use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum GradeCommand {
    /// Self-score, review and decision side by side, every point explained
    Show(GradeShowArguments),
    /// File an organisation's own scores from JSON
    Score(SheetArguments),
    /// File a reviewer's scores from JSON
    Review(SheetArguments),
    /// Decide a grade, from JSON or from the scores on file
    Decide(DecideArguments),
    /// What the grades of a year would be under another ruleset; nothing is filed
    Rescore(RescoreArguments),
    /// Who moved between grades from one year to another
    Matrix(MatrixArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GradeShowArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year that is graded
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Who files about grades and returns, and from which day it holds.
#[derive(Debug, Args)]
pub(crate) struct Filing {
    /// The day from which it is effective, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) effective_on: Option<Date>,
    /// A key that makes filing the same again harmless
    #[arg(long)]
    pub(crate) key: Option<String>,
    #[command(flatten)]
    pub(crate) who: Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct SheetArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The scores as a JSON file, or - for the standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year that is graded, by the scores on file
    #[arg(long, value_name = "YEAR", required_unless_present = "file")]
    pub(crate) year: Option<i16>,
    /// The decision as a JSON file instead, or - for the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "year")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct RescoreArguments {
    /// The year that was graded
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
    /// The ruleset to read it by
    #[arg(long, value_name = "RULESET")]
    pub(crate) ruleset: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct MatrixArguments {
    /// The first year
    #[arg(long, value_name = "YEAR")]
    pub(crate) from: i16,
    /// The other year
    #[arg(long, value_name = "YEAR")]
    pub(crate) to: i16,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
