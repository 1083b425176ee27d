//! The words for places.

use clap::{Args, Subcommand, ValueEnum};
use hoptac_model::unit::Level;
use jiff::civil::Date;

use super::organisation::DocumentArguments;
use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum UnitCommand {
    /// List the units of a day
    List(ListArguments),
    /// Show one unit: its span, names, the unit above, the units below, who came before and after
    Show(OneArguments),
    /// Every filing that concerns a unit, in the order of the ledger
    History(OneArguments),
    /// The organisations of which nobody has decided where a reform put them
    Open(OpenArguments),
    /// File a change of the places, or where a seat lies
    File(FileArguments),
}

/// A level of the tree.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LevelWord {
    Nation,
    Province,
    District,
    Commune,
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Self {
        match word {
            LevelWord::Nation => Self::Nation,
            LevelWord::Province => Self::Province,
            LevelWord::District => Self::District,
            LevelWord::Commune => Self::Commune,
        }
    }
}

/// The days that places can be asked for.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Days {
    /// The day whose places are asked, as 2025-06-30 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
}

/// How it is printed.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Shape {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Everything below this unit, by code (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// Only this level
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelWord>,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Debug, Args)]
pub(crate) struct OneArguments {
    /// The unit, by code or identity: 05977 is the one of the day, 05977.2025 the one of 2025
    pub(crate) unit: String,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// Say everything that would be found, and file nothing
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) document: DocumentArguments,
}
