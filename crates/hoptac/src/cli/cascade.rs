//! The words of `hoptac cascade`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hoptac_model::cascade::{Aim, Said, Weight, Weights};
use jiff::civil::Date;

use super::filed::{Days, Filed};
use super::unit::LevelWord;
use super::{ShowArguments, day};

#[derive(Debug, Subcommand)]
pub(crate) enum CascadeCommand {
    /// Propose whole numbers for the units below, whose sums are what the plan asks
    Propose(Box<Propose>),
    /// Adopt parts, as `propose --out` wrote them
    Adopt(Box<Adopt>),
    /// What each unit was given, what it has, where it stands
    Show(Show),
    /// Every cascade that was adopted
    List(ShowArguments),
}

/// Where the sums are laid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AimWord {
    Low,
    #[default]
    Middle,
    High,
}

impl From<AimWord> for Aim {
    fn from(word: AimWord) -> Self {
        match word {
            AimWord::Low => Self::Low,
            AimWord::Middle => Self::Middle,
            AimWord::High => Self::High,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The target: TY-02, T30-01
    pub(crate) target: String,
    /// The level of the units (default: districts where the day has some, else communes)
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelWord>,
    /// The first year, of what is asked every year (default: the next)
    #[arg(long, value_name = "YEAR", requires = "to")]
    pub(crate) from: Option<i16>,
    /// The last year (default: the target's last)
    #[arg(long, value_name = "YEAR", requires = "from")]
    pub(crate) to: Option<i16>,
    /// What shares are measured by, as base=50,potential=25,population=0,pace=25
    #[arg(long, value_name = "WEIGHTS", value_parser = weights)]
    pub(crate) weights: Option<Weights>,
    /// Where between the ends of what is asked the sums are laid
    #[arg(long, value_enum, default_value_t)]
    pub(crate) aim: AimWord,
    /// The number at which they are laid
    #[arg(long, value_name = "NUMBER", conflicts_with = "aim")]
    pub(crate) sum: Option<u32>,
    /// At least: 1 (each unit, each year), 05977=2 (one unit), 05977@2027=2 (one year), @all=9 (all years)
    #[arg(long, value_name = "BOUND")]
    pub(crate) floor: Vec<Said>,
    /// At most, written the same way
    #[arg(long, value_name = "BOUND")]
    pub(crate) ceiling: Vec<Said>,
    /// Exactly, written the same way
    #[arg(long, value_name = "BOUND")]
    pub(crate) fix: Vec<Said>,
    /// The ledger position of an earlier cascade over units that have ended: their parts stay together
    #[arg(long, value_name = "POSITION")]
    pub(crate) keep: Option<u64>,
    /// A number at a horizon that the yearly parts must reach: T30-01
    #[arg(long, value_name = "TARGET")]
    pub(crate) reach: Option<String>,
    /// The day whose places are asked: 2025-06-30 still has the districts (default: the asked day)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) geography: Option<Date>,
    /// Write the parts into this file, to be looked over and adopted
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The parts, as `propose --out` wrote them, or - for the standard input
    pub(crate) file: PathBuf,
    /// Why so
    #[arg(long)]
    pub(crate) reason: String,
    /// The number of the document that decides it, as 12/QĐ-UBND
    #[arg(long, value_name = "NUMBER")]
    pub(crate) document: String,
    /// The day of the document, as 2025-12-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) document_date: Date,
    /// Who issued the document
    #[arg(long)]
    pub(crate) issuer: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The target: TY-02, T30-01
    pub(crate) target: String,
    /// The cascade at this ledger position (default: the one that holds on the day)
    #[arg(long, value_name = "POSITION")]
    pub(crate) position: Option<u64>,
    #[command(flatten)]
    pub(crate) days: Days,
}

/// Reads `base=50,pace=25`; what is not named has no weight.
fn weights(text: &str) -> Result<Weights, String> {
    let mut read = Weights { base: 0, potential: 0, population: 0, pace: 0 };
    for part in text.split(',') {
        let (name, points) = part.split_once('=').unwrap_or((part, ""));
        let weight = Weight::ALL.into_iter().find(|weight| weight.code() == name.trim());
        match (weight, points.trim().parse()) {
            (Some(weight), Ok(points)) => read.set(weight, points),
            (None, _) => {
                let known: Vec<&str> = Weight::ALL.iter().map(|weight| weight.code()).collect();
                return Err(format!("`{name}` is no weight; they are {}", known.join(", ")));
            }
            (Some(_), Err(_)) => {
                return Err(format!("`{points}` is not a whole number; write {name}=50"));
            }
        }
    }
    Ok(read)
}
