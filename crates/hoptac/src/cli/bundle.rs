//! The words of `hoptac bundle`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Lang;

/// What is done with bundles between instances.
#[derive(Debug, Subcommand)]
pub(crate) enum BundleCommand {
    /// Write the figures of this instance at its ledger position, signed, without personal data
    Make {
        /// The file that is written
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// The public key of this instance, which receivers compare by another way
    Key,
    /// Prove a bundle without receiving it
    Verify {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The key that it must be signed with
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Receive a bundle by a filing; one that was received already changes nothing
    Accept(AcceptArguments),
    /// The last bundle of each sender
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// The last bundle of a sender, with its tables as JSON
    Show {
        /// The sender: the first digits of its key
        #[arg(value_name = "SENDER")]
        sender: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
}

/// Receive a bundle.
#[derive(Debug, Args)]
pub(crate) struct AcceptArguments {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The sender's key, compared by another way; needed for the first bundle of a sender
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Who receives it
    #[arg(long, default_value = "operator", value_name = "NAME")]
    pub(crate) actor: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
