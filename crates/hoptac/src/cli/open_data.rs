//! The words of `hoptac open-data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Lang, SMALL_CELL, page_address};

/// What is done with open data.
#[derive(Debug, Subcommand)]
pub(crate) enum OpenDataCommand {
    /// Write the public side and its data as files that any web server can serve
    Build(BuildArguments),
}

/// Write the public side as files.
#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// The folder; what an earlier build wrote there is replaced as a whole
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Where the files will be found, as `https://dulieu.langson.gov.vn/htx`: a sitemap is written then
    #[arg(long, value_name = "URL", value_parser = page_address)]
    pub(crate) address: Option<String>,
    /// Where the instance itself is reached, for what files cannot do: verifying reports, the interface for programs
    #[arg(long, value_name = "URL", env = "HOPTAC_ORIGIN", value_parser = page_address)]
    pub(crate) instance: Option<String>,
    /// Hide figures over fewer organisations than this
    #[arg(long, env = "HOPTAC_SMALL_CELL", value_name = "COUNT", default_value_t = SMALL_CELL, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) small_cell: u16,
    /// Say that the data may be used under the licence at this address
    #[arg(long, env = "HOPTAC_DATA_LICENCE", value_name = "URL", value_parser = page_address)]
    pub(crate) data_licence: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
