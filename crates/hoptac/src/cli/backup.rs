//! The words of `hoptac backup`, `hoptac restore` and `hoptac doctor`.

use std::path::PathBuf;

use clap::Args;

use super::Lang;

/// Write a backup, while the database is in use.
#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// The file to write, or a folder, in which the file is named by time and ledger position
    #[arg(long, value_name = "FILE", required_unless_present = "make_identity")]
    pub(crate) out: Option<PathBuf>,
    /// Encrypt it so that only the owner of an identity can open it, by the public half `age1…`; may be given several times
    #[arg(long, value_name = "AGE1…", conflicts_with = "passphrase_file")]
    pub(crate) encrypt_to: Vec<String>,
    /// Encrypt it with the passphrase in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Make an identity in this new file and print its public half, for --encrypt-to
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "encrypt_to", "passphrase_file"])]
    pub(crate) make_identity: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Restore a backup into an empty folder or an empty database.
#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Only the filings up to this ledger position (default: all)
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) position: Option<u64>,
    /// The file of the identity to which it was encrypted
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub(crate) identity: Option<PathBuf>,
    /// The file of the passphrase with which it was encrypted
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Only read and prove the backup; write nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Say what is wrong with this installation and how to mend it.
#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Leave out what takes long: the proof of the whole ledger
    #[arg(long)]
    pub(crate) quick: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
