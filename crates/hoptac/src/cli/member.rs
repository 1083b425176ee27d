//! The words for members.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::grade::Filing;
use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// The roll of an organisation on a day, masked, with what it comes to
    List(RollArguments),
    /// One member over time, masked
    Show(MemberArguments),
    /// File what happens to a roll: roll, join, change, leave, transfer
    File(MemberFileArguments),
    /// Take over a whole roll from a CSV or JSON file
    Import(ImportArguments),
    /// Declared members, members on rolls and distinct persons side by side
    Reconcile(ReconcileArguments),
    /// Show the personal data of one member; who reads and why is filed first
    Unmask(UnmaskArguments),
    /// Write the personal data of a roll to a file; who reads and why is filed first
    Export(ExportArguments),
    /// Take back an earlier filing about a roll, as if it had not been filed
    Strike(StrikeArguments),
    /// Destroy the keys of members who have left, so that nobody can read their personal data
    Erase(EraseArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RollArguments {
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
pub(crate) struct MemberArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The member, by the identity that the list shows
    pub(crate) member: String,
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
pub(crate) struct MemberFileArguments {
    /// What happens: roll, join, change, leave, transfer
    pub(crate) verb: String,
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// What happens in particular, as a JSON file, or - for the standard input
    pub(crate) file: PathBuf,
    /// The version of the organisation that was looked at; refused when it has changed since
    #[arg(long, value_name = "NUMBER")]
    pub(crate) expected_version: Option<u32>,
    /// Say everything that would be found, and file nothing
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The roll: a .csv whose first line names the fields, or a .json list
    pub(crate) file: PathBuf,
    /// Say everything that would be found, and file nothing
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct ReconcileArguments {
    /// The unit, by code (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// The day whose places are asked: 2025-06-30 still has the districts (default: the asked day)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) geography: Option<Date>,
    /// Only what had been recorded by the end of this day (default: everything)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Also the organisations without a roll and those whose roll agrees with what they declared
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct UnmaskArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The member, by the identity that the list shows
    pub(crate) member: String,
    /// What it is read for; it stays in the ledger
    #[arg(long)]
    pub(crate) purpose: String,
    #[command(flatten)]
    pub(crate) who: super::organisation::Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The day whose roll is written (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// What it is written for; it stays in the ledger
    #[arg(long)]
    pub(crate) purpose: String,
    /// The file to write, which must not be there yet; .csv or .json
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) who: super::organisation::Who,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct StrikeArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The filing, by its position in the ledger or its identity
    pub(crate) wrong: String,
    /// What was wrong with it, without a name or number of a person; it stays in the ledger
    #[arg(long)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct EraseArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The members, by the identities that the list shows
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) members: Vec<String>,
    /// The key of the organisation itself, and with it all its members
    #[arg(long)]
    pub(crate) all: bool,
    /// The ground: `purpose_ended`, request, order
    #[arg(long, default_value = "request")]
    pub(crate) ground: String,
    /// The document that it rests on, without a name or number of a person; it stays in the ledger
    #[arg(long)]
    pub(crate) reason: String,
    /// Do not ask whether it is meant
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) filing: Filing,
}
