//! The words for yearly returns.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::grade::Filing;
use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum ReturnCommand {
    /// What can be filled in before anybody writes: from the register and last year's return
    Prefill(PrefillArguments),
    /// Where an organisation's return stands, and which checks it breaks
    Show(ReturnShowArguments),
    /// Say everything that would be found about a return, and file nothing
    Check(ReturnFileArguments),
    /// Hand a return in
    Submit(ReturnFileArguments),
    /// Send what was handed in back, with reasons
    SendBack(SendBackArguments),
    /// Accept a return: what was handed in, or a file
    Accept(AcceptArguments),
    /// Waive a check of the form for an organisation and a year
    Waive(WaiveArguments),
    /// Completeness and timeliness by unit; who is late, who is missing
    Status(StatusArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PrefillArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year of the return
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
    /// Print only the return, ready to be completed and handed in
    #[arg(long)]
    pub(crate) body: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "body")]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ReturnShowArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year of the return
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
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
pub(crate) struct ReturnFileArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The return as a JSON file, or - for the standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct SendBackArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year of the return
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
    /// What is to be put right in a field, as revenue="hai số không khớp"; may be repeated
    #[arg(long, value_name = "FIELD=REASON", value_parser = reason)]
    pub(crate) reason: Vec<(String, String)>,
    /// What is to be put right about the whole
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct AcceptArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year of the return that was handed in; it counts as filed on the day it was handed in
    #[arg(long, value_name = "YEAR", required_unless_present = "file")]
    pub(crate) year: Option<i16>,
    /// The return as a JSON file instead, or - for the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "year")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct WaiveArguments {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The year of the return
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i16,
    /// The check, by its name in the form
    #[arg(long)]
    pub(crate) check: String,
    /// The office whose official waives it, never a person's name
    #[arg(long, value_name = "OFFICE")]
    pub(crate) by: String,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
    /// The last day on which it holds, as 2025-12-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Date,
    #[command(flatten)]
    pub(crate) filing: Filing,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    /// The year of the returns (default: the last one that is due)
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<i16>,
    /// The unit, by code (default: the plan's unit)
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// The day, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// List the organisations that are late, missing, waiting or sent back
    #[arg(long)]
    pub(crate) list: bool,
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

/// A field with its reason.
fn reason(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, reason)) => Ok((field.trim().to_owned(), reason.trim().to_owned())),
        None => Err("write FIELD=REASON, and what is about the whole with --note".to_owned()),
    }
}
