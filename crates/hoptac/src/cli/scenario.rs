//! The words of `hoptac scenario`.

use clap::{Args, Subcommand};
use hoptac_model::scenario::Setting;

use super::Lang;
use super::filed::Filed;

#[derive(Debug, Subcommand)]
pub(crate) enum ScenarioCommand {
    /// Every scenario that is kept
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Keep a scenario under a name, so that others can ask the same again
    Save(Save),
}

#[derive(Debug, Args)]
pub(crate) struct Save {
    /// Its name in addresses: small letters, digits, dashes
    pub(crate) name: String,
    /// What people call it
    #[arg(long)]
    pub(crate) title: String,
    /// What it takes for granted, as formation.THT=+20%; may be given several times
    #[arg(long, value_name = "SETTING", required = true)]
    pub(crate) what_if: Vec<Setting>,
    /// What it is for
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}
