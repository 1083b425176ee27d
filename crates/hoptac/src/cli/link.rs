//! The words for linkage contracts.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::day;
use super::filed::{Days, Filed};

#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    /// List the contracts in force on a day
    List(ListArguments),
    /// One contract: its terms through time, its form, the filings behind it
    Show(ShowArguments),
    /// Who buys from whom, who has no buyer, who depends on one, which contracts run out
    Chain(ChainArguments),
    /// File a contract
    Sign(SignArguments),
    /// File a change of terms; what is not named stays
    Change(ChangeArguments),
    /// File the end of a contract; the effective day is its last
    End(EndArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only contracts of this organisation, by identity or registration code
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// Only this product, in whole or in part; letters without marks will do
    #[arg(long, value_name = "TEXT")]
    pub(crate) product: Option<String>,
    /// Only sellers with their seat in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// Also contracts that have ended, each with its last terms
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The organisation that sells, by identity or registration code
    pub(crate) organisation: String,
    /// The contract, by its number or name
    pub(crate) link: String,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct ChainArguments {
    /// Only this product, in whole or in part; letters without marks will do
    #[arg(long, value_name = "TEXT")]
    pub(crate) product: Option<String>,
    /// Only sellers with their seat in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// Contracts that end within so many months run out
    #[arg(long, value_name = "MONTHS", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=60))]
    pub(crate) within: u8,
    /// Who sells at least this share, in percent, to one buyer depends on it
    #[arg(long, value_name = "PERCENT", default_value_t = 80, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) share: u8,
    /// At most this many lines in each table
    #[arg(long, value_name = "NUMBER", default_value_t = 15)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) days: Days,
}

/// Terms that a contract and a change of it share.
#[derive(Debug, Args)]
pub(crate) struct Terms {
    /// The partner: an organisation's identity or code, an enterprise's code, or a name
    #[arg(long, value_name = "WHO")]
    pub(crate) partner: Option<String>,
    /// The partner's name (default: that of the organisation, where it is one)
    #[arg(long, value_name = "NAME")]
    pub(crate) partner_name: Option<String>,
    /// What kind of partner: enterprise, organisation (default: organisation where the register has it)
    #[arg(long, value_name = "KIND")]
    pub(crate) partner_kind: Option<String>,
    /// What is produced
    #[arg(long, value_name = "TEXT")]
    pub(crate) product: Option<String>,
    /// The stages covered: input, production, harvest, processing, sale
    #[arg(long, value_name = "STAGES", value_delimiter = ',')]
    pub(crate) stages: Option<Vec<String>>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
    /// Value in đồng
    #[arg(long, value_name = "ĐỒNG", allow_negative_numbers = true)]
    pub(crate) value: Option<i64>,
    /// How much is delivered in a year
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) volume: Option<i64>,
    /// In what the volume is counted: kg, litre, `cubic_metre`, piece
    #[arg(long, value_name = "UNIT", default_value = "kg")]
    pub(crate) volume_unit: String,
    /// The area under contract in square metres
    #[arg(long, value_name = "M2", allow_negative_numbers = true)]
    pub(crate) area: Option<i64>,
    /// The document that proves it
    #[arg(long, value_name = "TEXT")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// The organisation that sells, by identity or registration code
    pub(crate) organisation: String,
    /// The contract's number or name, unique for the organisation
    pub(crate) link: String,
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct ChangeArguments {
    /// The organisation that sells, by identity or registration code
    pub(crate) organisation: String,
    /// The contract, by its number or name
    pub(crate) link: String,
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// It now runs until somebody ends it
    #[arg(long)]
    pub(crate) open_ended: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct EndArguments {
    /// The organisation that sells, by identity or registration code
    pub(crate) organisation: String,
    /// The contract, by its number or name
    pub(crate) link: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}
