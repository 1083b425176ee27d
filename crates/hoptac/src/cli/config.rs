//! The words of `hoptac config`.

use std::path::PathBuf;

use clap::Subcommand;

use super::Lang;

/// What is done with the configuration file.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say everything that is wrong with a configuration file, each with its line
    Check {
        /// The file (default: the one named by --config or `HOPTAC_CONFIG`)
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}
