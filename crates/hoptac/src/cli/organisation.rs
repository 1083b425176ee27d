//! The words for organisations and filings.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::filed::Days;
use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum OrganisationCommand {
    /// List organisations as they stand on a day
    List(ListArguments),
    /// Show one organisation as it stands on a day
    Show(OneArguments),
    /// Every filing about an organisation, in the order of the ledger
    History(HistoryArguments),
    /// What has gone on so long that the law lets the certificate be withdrawn
    Warnings(WarningsArguments),
    /// File something about an organisation
    File(FileArguments),
}

#[derive(Debug, Args)]
pub(crate) struct WarningsArguments {
    /// Only this organisation, by identity or registration code
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// Only seats in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// At most this many lines
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only this kind: THT, HTX, LHHTX
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only this status: operating, suspended, closing, …
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// Only seats in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// Name, abbreviation, code or place; letters without marks will do: "htx rau an toan"
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// At most this many
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,
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

#[derive(Debug, Args)]
pub(crate) struct OneArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
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

#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
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

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The kind of filing: establish, change, suspend, return.accept, …
    pub(crate) kind: String,
    /// The organisation, by identity or registration code (a founding without one gets a new identity)
    pub(crate) organisation: Option<String>,
    /// The body as a JSON file, or - for the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) body: PathBuf,
    /// The day from which it is effective, as 2025-12-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) effective_on: Date,
    /// The version of the organisation that was looked at; refused when it has changed since
    #[arg(long, value_name = "NUMBER")]
    pub(crate) expected_version: Option<u32>,
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

#[derive(Debug, Subcommand)]
pub(crate) enum FilingCommand {
    /// Show a filing of the ledger
    Show {
        /// Its position in the ledger, or its identity
        filing: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// The language of the output
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Say everything that would be found about a filing, and file nothing
    Check(CheckArguments),
    /// Accept a filing
    Accept(DocumentArguments),
    /// The JSON schema of a kind's body
    Schema {
        /// The kind of filing; every kind with its code where none is named
        kind: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) document: DocumentArguments,
    /// Show also what it would change: figures, standings, returns, grades, editions
    #[arg(long)]
    pub(crate) consequences: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DocumentArguments {
    /// The filing as a JSON file, or - for the standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) who: Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Who files from the command line.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// The account or office that files, never a person's name
    #[arg(long, default_value = "operator")]
    pub(crate) actor: String,
    /// Who files: `operator`, `plan_owner`, `department_officer`, `registrar`
    #[arg(long, default_value = "operator")]
    pub(crate) role: String,
}
