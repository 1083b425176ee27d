//! Words that several nouns share: the day and the knowledge that are asked, and how something is filed.

use clap::Args;
use jiff::civil::Date;

use super::organisation::Who;
use super::{Lang, day};

/// The day that is asked, and by when it must have been recorded.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Days {
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

/// How something is filed.
#[derive(Debug, Args)]
pub(crate) struct Filed {
    /// The day from which it is effective, as 2025-12-31 (default: today)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) effective_on: Option<Date>,
    /// The version of the subject that was looked at; refused when it has changed since
    #[arg(long, value_name = "NUMBER")]
    pub(crate) expected_version: Option<u32>,
    /// A key that makes filing the same again harmless
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Say everything that would be found, and file nothing
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) who: Who,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
