//! The words of `hoptac forecast`.

use clap::Args;
use jiff::civil::Date;

use super::{Lang, day};

#[derive(Debug, Args)]
pub(crate) struct ForecastArguments {
    /// Only this target, with its fan, assumptions and gap
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,
    /// The unit, by code (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day from which it looks ahead, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// The day whose places are asked: 2025-06-30 still has the districts (default: the asked day)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) geography: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Assume otherwise: formation.THT=+20%, formation.THT@05977=+5, closure.HTX=-50%, conversion=+100%,
    /// share.T30-10=+2, population.population=820000, reading.T30-10=gradable, baseline.T30-01=2024-12-31
    #[arg(long, value_name = "SETTING")]
    pub(crate) what_if: Vec<hoptac_model::scenario::Setting>,
    /// The seed of chance; the same seed gives the same forecast
    #[arg(long, default_value_t = hoptac_engine::forecast::SEED)]
    pub(crate) seed: u64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
